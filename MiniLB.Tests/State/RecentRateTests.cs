using MiniLB.State;

namespace MiniLB.Tests.State;

public sealed class RecentRateTests
{
    private readonly RecentRate _rate = new();

    [Fact]
    public void PicksOfThisSecond_AllCount()
    {
        Count(10, at: 5_000);
        Count(10, at: 5_999);

        Assert.Equal(20, At(5_999));
    }

    [Theory]
    [InlineData(6_000, 100)]
    [InlineData(6_250, 75)]
    [InlineData(6_750, 25)]
    [InlineData(7_000, 0)]
    [InlineData(60_000, 0)]
    public void PicksOfTheSecondBefore_CountByThePartThatIsLeft(long now, double expected)
    {
        Count(100, at: 5_500);

        Assert.Equal(expected, At(now), 6);
    }

    [Fact]
    public void PicksOfBothSeconds_AreAdded()
    {
        Count(100, at: 5_500);
        Count(7, at: 6_100);

        Assert.Equal(7 + 50.0, At(6_500), 6);
    }

    [Fact]
    public void PicksAfterAPause_BeginAnew()
    {
        Count(100, at: 5_500);
        Count(7, at: 7_100);

        Assert.Equal(7, At(7_100));
    }

    [Fact]
    public void ThreadWhoseClockWasReadEarlier_CountsAndReadsWithTheOthers()
    {
        Count(100, at: 5_999);
        Count(1, at: 6_000);

        Count(1, at: 5_999);

        Assert.Equal(102, At(5_999));
        Assert.Equal(102, At(6_000));
    }

    [Fact]
    public void Seconds_MayBeAnyNumber()
    {
        const long Years = 40L * 365 * 86_400_000;
        Count(3, at: Years + 500);

        Assert.Equal(3, At(Years + 600));
        Assert.Equal(0, At(Years + 2_500));
    }

    [Fact]
    public void PicksOfManyThreads_AllCount()
    {
        Parallel.For(0, 8, _ => Count(20_000, at: 5_000));
        Parallel.For(0, 8, i => Count(20_000, at: 6_000));

        Assert.Equal(2 * 160_000, At(6_000));
    }

    [Fact]
    public void MorePicksInASecondThanChanceNeeds_AreNotCounted()
    {
        for (var i = 0; i < 1_000; i++)
        {
            _rate.Count(5_000, share: 3);
        }

        Assert.Equal(3 * RecentRate.MostPerShare, At(5_000));

        _rate.Count(6_000, share: 3);
        Assert.Equal(1, At(6_999), 0);
    }

    private void Count(int picks, long at)
    {
        for (var i = 0; i < picks; i++)
        {
            _rate.Count(at, share: 10_000);
        }
    }

    // It tells thousandths.
    private double At(long milliseconds) => _rate.At(milliseconds) / 1000.0;
}
