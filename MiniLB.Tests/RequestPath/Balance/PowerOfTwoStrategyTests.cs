using MiniLB.RequestPath.Balance;
using MiniLB.State;

namespace MiniLB.Tests.RequestPath.Balance;

public sealed class PowerOfTwoStrategyTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void BusierOfTwo_IsNeverPicked()
    {
        var strategy = new PowerOfTwoStrategy(new Random(1), _clock);
        var pool = Sample.World(strategy, 1, 1).Current.DefaultPool;
        pool.All[0].TryBegin();

        Assert.All(Enumerable.Range(0, 100), _ => Assert.Same(pool.All[1], strategy.Pick(pool, default)));
    }

    [Fact]
    public void LoadIsWeighed_BeforeItIsCompared()
    {
        var strategy = new PowerOfTwoStrategy(new Random(1), _clock);
        var pool = Sample.World(strategy, 1, 10).Current.DefaultPool;
        pool.All[0].TryBegin();
        for (var i = 0; i < 5; i++)
        {
            pool.All[1].TryBegin();
        }

        Assert.All(Enumerable.Range(0, 100), _ => Assert.Same(pool.All[1], strategy.Pick(pool, default)));
    }

    // Drawn alone, ten idle backends would get 100 requests each give or take 19 (two standard deviations).
    [Fact]
    public void QuietPool_StaysEven()
    {
        var strategy = new PowerOfTwoStrategy(new Random(1), _clock);
        var pool = Sample.World(strategy, [.. Enumerable.Repeat(1, 10)]).Current.DefaultPool;

        var picks = new int[10];
        for (var i = 0; i < 1_000; i++)
        {
            picks[strategy.Pick(pool, default)!.Index]++;
            _clock.Advance(TimeSpan.FromMilliseconds(20));
        }

        Assert.All(picks, p => Assert.InRange(p, 90, 110));
    }

    [Fact]
    public void Rate_ForgetsWithinTwoSeconds()
    {
        var rate = new RecentRate();
        for (var i = 0; i < 100; i++)
        {
            rate.Count(10_500);
        }

        Assert.Equal(100, rate.At(10_900));
        Assert.InRange(rate.At(11_500), 45, 55);
        Assert.Equal(0, rate.At(12_500));
        rate.Count(12_600);
        Assert.Equal(1, rate.At(12_700));
    }
}
