using MiniLB.Config;

namespace MiniLB.Tests.Config;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("off", 0)]
    [InlineData("false", 0)]
    [InlineData("8192", 8192)]
    [InlineData("64KiB", 65_536)]
    [InlineData("1MiB", 1_048_576)]
    [InlineData("2GiB", 2_147_483_648)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("8589934591GiB", 9_223_372_035_781_033_984)]
    public void Text_OfAKnownUnit_IsThatManyBytes(string text, long bytes)
    {
        Assert.True(ByteSize.TryParse(text, out var value));
        Assert.Equal(bytes, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("KiB")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1.5MiB")]
    [InlineData("64KB")]
    [InlineData("64K")]
    [InlineData("64kib")]
    [InlineData("64 KiB")]
    [InlineData(" 64")]
    [InlineData("1e3")]
    [InlineData("9223372036854775808")]
    [InlineData("8589934592GiB")]
    [InlineData("9223372036854775807KiB")]
    public void Text_ThatIsNoSizeOrTooLarge_IsRefused(string text) => Assert.False(ByteSize.TryParse(text, out _));
}
