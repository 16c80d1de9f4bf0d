using MiniLB.RequestPath.Balance;

namespace MiniLB.Tests.RequestPath.Balance;

public sealed class LeastConnectionsStrategyTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(17)]
    [InlineData(100)]
    [InlineData(1_000)]
    public void Pick_OfAnyLoads_IsOneOfTheLeastByWeight(int count)
    {
        var random = new Random(7);
        var weights = Enumerable.Range(0, count).Select(_ => random.Next(1, 5)).ToArray();
        var strategy = new LeastConnectionsStrategy();
        var pool = Sample.World(strategy, weights).Current.DefaultPool;
        foreach (var backend in pool.All)
        {
            for (var load = random.Next(0, 20); load > 0; load--)
            {
                backend.TryBegin();
            }
        }

        for (var i = 0; i < 200; i++)
        {
            var least = pool.All.Min(b => (b.InFlight + 1) / (float)b.Weight);
            var picked = strategy.Pick(pool, default)!;
            Assert.Equal(least, (picked.InFlight + 1) / (float)picked.Weight);
            picked.TryBegin();
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(33)]
    public void Equals_TakeTurns(int count)
    {
        var strategy = new LeastConnectionsStrategy();
        var pool = Sample.World(strategy, [.. Enumerable.Repeat(1, count)]).Current.DefaultPool;

        var picks = Enumerable.Range(0, count * 10).Select(_ => strategy.Pick(pool, default)!.Index);

        Assert.Equal(Enumerable.Range(0, count * 10).Select(i => i % count), picks);
    }

    [Fact]
    public void ManyThreads_KeepTheLoadsEven()
    {
        var strategy = new LeastConnectionsStrategy();
        var pool = Sample.World(strategy, 1, 1, 1, 1).Current.DefaultPool;

        Parallel.For(0, 8, _ =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                var picked = strategy.Pick(pool, default)!;
                picked.TryBegin();
                Assert.InRange(picked.InFlight, 1, 8);
                picked.End(sent: true, failed: false);
            }
        });

        Assert.All(pool.All, b => Assert.Equal(0, b.InFlight));
        Assert.Equal(80_000, pool.All.Sum(b => b.Sends));
    }
}
