using MiniLB.RequestPath.Balance;

namespace MiniLB.Tests.RequestPath.Balance;

public sealed class PowerOfTwoStrategyTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly PowerOfTwoStrategy _strategy;

    public PowerOfTwoStrategyTests() => _strategy = new PowerOfTwoStrategy(new Random(1), _time);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 1)]
    [InlineData(256, 255)]
    public void Two_AreBothDrawn_SoThatTheLessBusyIsAlwaysPicked(params int[] weights)
    {
        var pool = _strategy.Pool(weights);
        for (var i = 0; i < 1_000; i++)
        {
            var (a, b) = (pool.All[0], pool.All[1]);
            var before = (a.InFlight * weights[1]).CompareTo(b.InFlight * weights[0]);

            var picked = _strategy.Pick(pool, default)!;

            Assert.True(before == 0 || picked == (before < 0 ? a : b), $"{a.InFlight}, {b.InFlight}");
            picked.TryBegin();
        }
    }

    [Fact]
    public void TwoIdleBackends_StayWithinOnePick() =>
        Assert.Equal([500, 500], _strategy.Count(_strategy.Pool(1, 1), 1_000));

    [Fact]
    public void IdleBackends_AreEvenerThanChance()
    {
        var counts = _strategy.Count(_strategy.Pool([.. Enumerable.Repeat(1, 10)]), 10_000);

        // Chance alone strays by 30 at one deviation.
        Assert.All(counts, c => Assert.InRange(c, 995, 1_005));
    }

    [Fact]
    public void IdleBackends_OfDifferentWeights_AreWithinTwoPicksOfTheirShares()
    {
        var counts = _strategy.Count(_strategy.Pool(3, 1), 1_000);

        Assert.InRange(counts[0], 748, 752);
    }

    [Fact]
    public void PicksOfLongAgo_DecideNoTie()
    {
        var pool = _strategy.Pool(1, 1);
        for (var i = 0; i < 100; i++)
        {
            pool.All[0].Rate.Count(0, share: 1);
        }

        Assert.Equal([0, 50], _strategy.Count(pool, 50));

        _time.Advance(TimeSpan.FromSeconds(2.1));

        Assert.Equal([50, 50], _strategy.Count(pool, 100));
    }

    [Fact]
    public void MostBusyOfMany_HasHardlyMoreThanTheMean()
    {
        var loads = _strategy.Begin(_strategy.Pool([.. Enumerable.Repeat(1, 100)]), 10_000);

        // Chance alone gives the most busy one about 125.
        Assert.InRange(loads.Max(), 100, 103);
    }

    [Fact]
    public void RequestsInFlight_FollowTheWeights_WithinTwoInAHundred()
    {
        var loads = _strategy.Begin(_strategy.Pool(5, 3, 2), 10_000);

        Assert.All(loads.Zip([5_000, 3_000, 2_000]), l => Assert.InRange(l.First, l.Second * 0.98, l.Second * 1.02));
    }
}
