using MiniLB.Wire;

namespace MiniLB.Tests.Wire;

public sealed class NumbersTests
{
    [Theory]
    [InlineData("0", 0L)]
    [InlineData("007", 7L)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("9223372036854775808", null)]
    [InlineData("9223372036854775810", null)]
    [InlineData("18446744073709551617", null)]
    [InlineData("99999999999999999999999999", null)]
    [InlineData("", null)]
    [InlineData("+1", null)]
    [InlineData("-1", null)]
    [InlineData(" 1", null)]
    [InlineData("1 ", null)]
    [InlineData("1,1", null)]
    [InlineData("1.0", null)]
    [InlineData("0x1", null)]
    [InlineData("\u00b2", null)]
    public void Decimal_IsDigitsThatFitSixtyThreeBits(string text, long? value) =>
        Assert.Equal(value, Numbers.TryDecimal(Heads.Bytes(text), out var number) ? (long?)number : null);

    [Theory]
    [InlineData("0", 0L)]
    [InlineData("fF", 255L)]
    [InlineData("00000a", 10L)]
    [InlineData("7fffffffffffffff", long.MaxValue)]
    [InlineData("8000000000000000", null)]
    [InlineData("ffffffffffffffff", null)]
    [InlineData("10000000000000000", null)]
    [InlineData("10000000000000005", null)]
    [InlineData("", null)]
    [InlineData("0x5", null)]
    [InlineData("+5", null)]
    [InlineData("-5", null)]
    [InlineData("5 ", null)]
    [InlineData("g", null)]
    [InlineData("@", null)]
    [InlineData("`", null)]
    [InlineData(":", null)]
    [InlineData("/", null)]
    public void Hexadecimal_IsDigitsThatFitSixtyThreeBits(string text, long? value) =>
        Assert.Equal(value, Numbers.TryHexadecimal(Heads.Bytes(text), out var number) ? (long?)number : null);
}
