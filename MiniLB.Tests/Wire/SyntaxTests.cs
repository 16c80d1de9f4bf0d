using MiniLB.Wire;

namespace MiniLB.Tests.Wire;

public sealed class SyntaxTests
{
    private const string TokenMarks = "!#$%&'*+-.^_`|~";

    [Fact]
    public void Token_IsMadeOfTheBytesOfRfc9110_AndNoOther()
    {
        for (var b = 0; b < 256; b++)
        {
            var expected = b < 128 && (char.IsAsciiLetterOrDigit((char)b) || TokenMarks.Contains((char)b));
            Assert.True(expected == Syntax.IsToken([(byte)'a', (byte)b]), $"byte {b}");
        }

        Assert.False(Syntax.IsToken(default));
    }

    [Fact]
    public void FieldValue_HasNoControlsButTheTab()
    {
        for (var b = 0; b < 256; b++)
        {
            Assert.True((b >= 32 && b != 127) || b == '\t' ? Syntax.IsFieldValue([(byte)b])
                : !Syntax.IsFieldValue([(byte)b]), $"byte {b}");
        }

        Assert.True(Syntax.IsFieldValue(default));
    }

    [Fact]
    public void Target_IsVisibleAsciiWithoutAFragment()
    {
        for (var b = 0; b < 256; b++)
        {
            Assert.True((b is > 32 and < 127 && b != '#') == Syntax.IsTarget([(byte)'/', (byte)b]), $"byte {b}");
        }

        Assert.False(Syntax.IsTarget(default));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("site.example", true)]
    [InlineData("site.example:80", true)]
    [InlineData("site.example:", true)]
    [InlineData("site.example:65535", true)]
    [InlineData("site.example:65536", false)]
    [InlineData("site.example:000080", false)]
    [InlineData("site.example:8o", false)]
    [InlineData("site.example:-1", false)]
    [InlineData("site.example:80:80", false)]
    [InlineData(":80", false)]
    [InlineData("user@site.example", false)]
    [InlineData("site.example/", false)]
    [InlineData("site example", false)]
    [InlineData("site,example", false)]
    [InlineData("s\u00edte", false)]
    [InlineData("site?", false)]
    [InlineData("[::1]", true)]
    [InlineData("[::1]:8080", true)]
    [InlineData("[::]", true)]
    [InlineData("[]", false)]
    [InlineData("[:]", false)]
    [InlineData("[::1", false)]
    [InlineData("[::1]x", false)]
    [InlineData("[::1]8080", false)]
    [InlineData("[::g]", false)]
    [InlineData("[::1%eth0]", false)]
    [InlineData("::1", false)]
    public void Host_IsANameOrAddressWithAPort(string text, bool sound) =>
        Assert.Equal(sound, Syntax.IsHost(Heads.Bytes(text)));
}
