using MiniLB.Wire;

namespace MiniLB.Tests.Wire;

public sealed class RepeatedTextTests
{
    [Fact]
    public void SameBytes_GiveTheSameString()
    {
        var text = default(RepeatedText);
        var first = text.Of("site.example"u8);

        Assert.Same(first, text.Of("site.example"u8));
        Assert.Equal("site.example", first);
    }

    [Theory]
    [InlineData("Site")]
    [InlineData("sit")]
    [InlineData("sites")]
    [InlineData("")]
    [InlineData("s\u00efte")]
    public void OtherBytes_GiveTheirOwnString(string other)
    {
        var text = default(RepeatedText);
        text.Of("site"u8);

        Assert.Equal(other, text.Of(Heads.Bytes(other)));
        Assert.Equal(other, text.Of(Heads.Bytes(other)));
        Assert.Equal("site", text.Of("site"u8));
    }
}
