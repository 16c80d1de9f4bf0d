using MiniLB.Config;

namespace MiniLB.Tests.Config;

public sealed class StatusSetTests
{
    [Theory]
    [InlineData("200", "200")]
    [InlineData("200-399", "200-399")]
    [InlineData("200,204,300-302", "200,204,300-302")]
    [InlineData("200, 204", "200,204")]
    [InlineData("100-599", "100-599")]
    public void Text_OfCodesAndRanges_IsReadBackTheSame(string text, string read)
    {
        Assert.True(StatusSet.TryParse(text, out var set));
        Assert.Equal(read, set.ToString());
    }

    [Theory]
    [InlineData(199, false)]
    [InlineData(200, true)]
    [InlineData(204, true)]
    [InlineData(205, false)]
    [InlineData(303, false)]
    [InlineData(304, true)]
    [InlineData(305, false)]
    public void Code_IsInTheSet_BetweenBothEndsOfARange(int code, bool contained)
    {
        Assert.True(StatusSet.TryParse("200-204,304", out var set));
        Assert.Equal(contained, set.Contains(code));
    }

    [Theory]
    [InlineData("")]
    [InlineData(",")]
    [InlineData("200,")]
    [InlineData("99")]
    [InlineData("600")]
    [InlineData("399-200")]
    [InlineData("200-")]
    [InlineData("-200")]
    [InlineData("200-300-400")]
    [InlineData("2xx")]
    [InlineData("+200")]
    public void Text_ThatIsNoSetOfCodes_IsRefused(string text) => Assert.False(StatusSet.TryParse(text, out _));

    [Fact]
    public void Below500_TakesEverythingUpTo499()
    {
        Assert.True(StatusSet.Below500.Contains(404));
        Assert.True(StatusSet.Below500.Contains(499));
        Assert.False(StatusSet.Below500.Contains(500));
    }
}
