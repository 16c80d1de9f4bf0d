using MiniLB.Config;

namespace MiniLB.Tests.Config;

public sealed class HeaderTextTests
{
    [Theory]
    [InlineData("X-Env", true)]
    [InlineData("!#$%&'*+-.^_`|~09azAZ", true)]
    [InlineData("", false)]
    [InlineData("X Env", false)]
    [InlineData("X-Env:", false)]
    [InlineData("X-\u00c9", false)]
    [InlineData("X\r\n", false)]
    public void Name_IsAToken(string text, bool valid) => Assert.Equal(valid, HeaderText.TryParseName(text, out _));

    [Theory]
    [InlineData("a b", true)]
    [InlineData("~!\"", true)]
    [InlineData("", false)]
    [InlineData(" a", false)]
    [InlineData("a ", false)]
    [InlineData("a\tb", false)]
    [InlineData("a\r\nX: b", false)]
    [InlineData("\u00e9", false)]
    [InlineData("a\u007f", false)]
    public void Value_IsPrintableAsciiWithoutBlanksAroundIt(string text, bool valid) =>
        Assert.Equal(valid, HeaderText.TryParseValue(text, out _));
}
