using MiniLB.BackgroundLoops.Statistics;
using MiniLB.RequestPath.Balance;
using MiniLB.State;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.BackgroundLoops.Statistics;

public sealed class StatisticsLoopTests
{
    [Fact]
    public async Task Loop_TicksOnceASecond_ForPoolsAndBackends_AndEndsPromptly()
    {
        var clock = new FakeTimeProvider();
        var world = Sample.World(
            new RoundRobinStrategy(), Sample.PoolOptions(Sample.BackendOptions("http://a")), clock);
        var (pool, own) = (world.Current.DefaultPool, world.Statistics.Own);
        using var end = new CancellationTokenSource();
        var loop = new StatisticsLoop(world.Statistics, clock).RunAsync(end.Token);
        foreach (var traffic in new[] { own, pool.Traffic, pool.All[0].Counters.Traffic })
        {
            traffic.Counters.Add(new Served(2, 0, 1));
        }

        await Eventually.True(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                return pool.All[0].Counters.Traffic.Rates.Minute > 0;
            },
            "a tick");

        Assert.True(own.Rates.Minute > 0);
        Assert.True(pool.Traffic.Rates.Minute > 0);
        await end.CancelAsync();
        await loop;
    }
}
