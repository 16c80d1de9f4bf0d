using MiniLB.RequestPath.Balance;
using MiniLB.State;

namespace MiniLB.Tests.RequestPath.Balance;

public sealed class PeakEwmaStrategyTests
{
    private const int Backends = 5;

    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void SlowerBackend_GetsLess()
    {
        var (strategy, pool) = Pool();

        var picks = Run(strategy, pool, 10_000, TimeSpan.FromMilliseconds(1), slow: 2, slowness: 10);

        Assert.InRange(picks[2], 100, 1_000);
        Assert.All(picks.Where((_, i) => i != 2), p => Assert.InRange(p, 2_000, 2_700));
    }

    /// <summary>At 10,000 requests a second and at 100: time alone, or picks alone, would not do.</summary>
    [Theory]
    [InlineData(0.1)]
    [InlineData(1)]
    [InlineData(10)]
    public void BackendThatWasSlow_IsNotForgotten(double millisecondsBetweenPicks)
    {
        var (strategy, pool) = Pool();
        var between = TimeSpan.FromMilliseconds(millisecondsBetweenPicks);
        Run(strategy, pool, 1_000, between, slow: 0, slowness: 1);
        Run(strategy, pool, 1_000, between, slow: 3, slowness: 1_000);

        var waits = new int[Backends];
        var longest = 0;
        var picks = Run(strategy, pool, 10_000, between, slow: 0, slowness: 1, picked =>
        {
            for (var i = 0; i < Backends; i++)
            {
                waits[i] = i == picked ? 0 : waits[i] + 1;
                longest = Math.Max(longest, waits[i]);
            }
        });

        Assert.All(picks, p => Assert.InRange(p, 500, 10_000));
        Assert.InRange(longest, 1, 20 * Backends);
    }

    [Fact]
    public void BackendOfWhichNothingIsKnown_GetsOneRequestAtATime()
    {
        var (strategy, pool) = Pool();
        Run(strategy, pool, 1_000, TimeSpan.FromMilliseconds(1), slow: 0, slowness: 1);
        var world = Sample.World(strategy, 1, 1, 1, 1, 1);
        var fresh = world.Current.DefaultPool;

        var picked = Enumerable.Range(0, Backends).Select(_ =>
        {
            var backend = strategy.Pick(fresh, default)!;
            backend.TryBegin();
            return backend.Index;
        });

        Assert.Equal(Backends, picked.Distinct().Count());
    }

    [Fact]
    public void Failure_DoesNotLookFast()
    {
        var (strategy, pool) = Pool();
        Run(strategy, pool, 1_000, TimeSpan.FromMilliseconds(1), slow: 0, slowness: 1);

        strategy.Observe(pool.All[1], TimeSpan.FromMilliseconds(0.1), Verdict.Failure);
        var picks = Run(strategy, pool, 100, TimeSpan.FromMilliseconds(1), slow: 0, slowness: 1);

        Assert.InRange(picks[1], 0, 4);
    }

    [Fact]
    public void Average_JumpsToAPeakAndFades()
    {
        var average = new LatencyAverage();
        average.Observe(0.010, TimeSpan.FromSeconds(100));
        average.Observe(0.500, TimeSpan.FromSeconds(100));

        Assert.Equal(0.5, average.Seconds(TimeSpan.FromSeconds(100)), 3);
        Assert.InRange(average.Seconds(TimeSpan.FromSeconds(110)), 0.18, 0.19);
        average.Forgive();
        Assert.Equal(0.25, average.Seconds(TimeSpan.FromSeconds(100)), 3);
    }

    private (PeakEwmaStrategy Strategy, PoolSnapshot Pool) Pool()
    {
        var strategy = new PeakEwmaStrategy(new Random(3), _clock);
        return (strategy, Sample.World(strategy, [.. Enumerable.Repeat(1, Backends)]).Current.DefaultPool);
    }

    /// <summary>Requests that arrive evenly and take 10 ms, at the slow backend longer, each of them alone.</summary>
    private int[] Run(
        PeakEwmaStrategy strategy, PoolSnapshot pool, int count, TimeSpan between, int slow, int slowness,
        Action<int>? seen = null)
    {
        var picks = new int[Backends];
        for (var i = 0; i < count; i++)
        {
            _clock.Advance(between);
            var backend = strategy.Pick(pool, default)!;
            picks[backend.Index]++;
            seen?.Invoke(backend.Index);
            var took = TimeSpan.FromMilliseconds(backend.Index == slow ? 10 * slowness : 10);
            strategy.Observe(backend, took, Verdict.Success);
        }

        return picks;
    }
}
