using MiniLB.Config.Options;

namespace MiniLB.Tests.Config.Options;

public sealed class RateTests
{
    [Theory]
    [InlineData("100/s", 100, 1)]
    [InlineData("600/m", 600, 60)]
    [InlineData("1000/h", 1000, 3600)]
    [InlineData("1000000/s", 1_000_000, 1)]
    [InlineData("60000000/m", 60_000_000, 60)]
    public void Text_IsReadAndWrittenAlike(string text, int requests, int seconds)
    {
        Assert.True(Rate.TryParse(text, out var rate));
        Assert.Equal(new Rate(requests, TimeSpan.FromSeconds(seconds)), rate);
        Assert.Equal(text, rate.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("/s")]
    [InlineData("100")]
    [InlineData("0/s")]
    [InlineData("-1/s")]
    [InlineData("+1/s")]
    [InlineData("1.5/s")]
    [InlineData(" 1/s")]
    [InlineData("1 /s")]
    [InlineData("1/d")]
    [InlineData("1/S")]
    [InlineData("1000001/s")]
    [InlineData("60000001/m")]
    [InlineData("99999999999/h")]
    public void TextThatIsNoRate_IsRefused(string text) => Assert.False(Rate.TryParse(text, out _));
}
