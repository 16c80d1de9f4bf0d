using MiniLB.Config;

namespace MiniLB.Tests.Config;

public sealed class ConfigTextTests
{
    [Theory]
    [InlineData("0", "0s")]
    [InlineData("250ms", "250ms")]
    [InlineData("1.5s", "1500ms")]
    [InlineData("1.5ms", "1.5ms")]
    [InlineData("60s", "60s")]
    [InlineData("90s", "90s")]
    [InlineData("120s", "2m")]
    [InlineData("60m", "1h")]
    public void Duration_IsWrittenInItsLargestWholeUnit(string written, string text)
    {
        Assert.True(Duration.TryParse(written, out var time));
        Assert.Equal(text, ConfigText.Of(time));
        Assert.True(Duration.TryParse(text, out var again));
        Assert.Equal(time, again);
    }

    [Theory]
    [InlineData("off", "0")]
    [InlineData("240", "240")]
    [InlineData("1024", "1KiB")]
    [InlineData("1536KiB", "1536KiB")]
    [InlineData("1024MiB", "1GiB")]
    public void Size_IsWrittenInItsLargestWholeUnit(string written, string text)
    {
        Assert.True(ByteSize.TryParse(written, out var size));
        Assert.Equal(text, ConfigText.Of(size));
    }

    [Fact]
    public void OtherValues_AreWrittenAsTheyAreRead() => Assert.Equal(
        ("true", "7", "0.25", "text", null),
        (ConfigText.Of(true), ConfigText.Of(7), ConfigText.Of(0.25), ConfigText.Of("text"), ConfigText.Of<int?>(null)));
}
