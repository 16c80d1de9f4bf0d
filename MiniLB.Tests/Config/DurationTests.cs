using MiniLB.Config;

namespace MiniLB.Tests.Config;

public sealed class DurationTests
{
    [Theory]
    [InlineData("250ms", 250)]
    [InlineData("1ms", 1)]
    [InlineData("10s", 10_000)]
    [InlineData("1.5s", 1_500)]
    [InlineData("5m", 300_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("0.5h", 1_800_000)]
    [InlineData("960h", 3_456_000_000)]
    [InlineData("0", 0)]
    [InlineData("0s", 0)]
    [InlineData("off", 0)]
    [InlineData("false", 0)]
    public void Text_OfAKnownUnit_IsThatLong(string text, long milliseconds)
    {
        Assert.True(Duration.TryParse(text, out var value));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("10")]
    [InlineData("10 s")]
    [InlineData(" 10s")]
    [InlineData("-10s")]
    [InlineData("+10s")]
    [InlineData("1e3s")]
    [InlineData("1,5s")]
    [InlineData("10S")]
    [InlineData("1d")]
    [InlineData("1m30s")]
    [InlineData("0.5ms")]
    [InlineData("961h")]
    [InlineData("NaNs")]
    [InlineData("Infinitys")]
    [InlineData("-Infinitys")]
    [InlineData("∞s")]
    [InlineData("-∞s")]
    [InlineData("OFF")]
    [InlineData("true")]
    public void Text_ThatIsNoDuration_IsRefused(string text) => Assert.False(Duration.TryParse(text, out _));

    [Theory]
    [InlineData("1ms", true)]
    [InlineData("0", false)]
    [InlineData("0s", false)]
    [InlineData("off", false)]
    public void Positive_RefusesNone(string text, bool accepted) =>
        Assert.Equal(accepted, Duration.TryParsePositive(text, out _));
}
