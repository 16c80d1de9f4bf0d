using MiniLB.RequestPath.Balance;

namespace MiniLB.Tests.RequestPath.Balance;

public sealed class LeastConnectionsStrategyTests
{
    private readonly LeastConnectionsStrategy _strategy = new();

    [Theory]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(17)]
    [InlineData(100)]
    [InlineData(1_000)]
    public void Pick_OfAnyLoads_IsOneOfTheLeastByWeight(int count)
    {
        var random = new Random(7);
        var pool = _strategy.Pool([.. Enumerable.Range(0, count).Select(_ => random.Next(1, 5))]);
        foreach (var backend in pool.All)
        {
            for (var load = random.Next(0, 20); load > 0; load--)
            {
                backend.TryBegin();
            }
        }

        for (var i = 0; i < 2 * count; i++)
        {
            var least = pool.All.Min(b => b.InFlight / (float)b.Weight);
            var picked = _strategy.Pick(pool, default)!;
            Assert.Equal(least, picked.InFlight / (float)picked.Weight);
            picked.TryBegin();
        }
    }

    [Theory]
    [InlineData(2, 0)]
    [InlineData(3, 0)]
    [InlineData(33, 0)]
    [InlineData(3, 2)]
    [InlineData(33, 2)]
    public void Equals_TakeTurns(int count, int inFlight)
    {
        var pool = _strategy.Pool([.. Enumerable.Repeat(1, count)]);
        Assert.All(_strategy.Begin(pool, count * inFlight), l => Assert.Equal(inFlight, l));

        var picks = Enumerable.Range(0, count * 10).Select(_ => _strategy.Pick(pool, default)!.Index);

        Assert.Equal(Enumerable.Range(0, count * 10).Select(i => i % count), picks);
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(5, 1, 1)]
    [InlineData(1, 2, 3, 4)]
    public void IdleBackends_ShareByTheirWeights(params int[] weights) =>
        Assert.Equal(
            weights.Select(w => 100 * w), _strategy.Count(_strategy.Pool(weights), 100 * weights.Sum()));

    /// <summary>Requests one after the other, while one backend has a long one.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(6)]
    public void IdleBackends_BesideABusyOne_TakeItsTurnsEvenly(int count)
    {
        var pool = _strategy.Pool([.. Enumerable.Repeat(1, count)]);
        pool.All[0].TryBegin();

        Assert.Equal([0, .. Enumerable.Repeat(100, count - 1)], _strategy.Count(pool, 100 * (count - 1)));
    }

    [Fact]
    public void FewIdleBackends_OfManyBusyOnes_TakeTurns()
    {
        var pool = _strategy.Pool([.. Enumerable.Repeat(1, 20)]);
        foreach (var backend in pool.All.Where(b => b.Index is not (0 or 10)))
        {
            backend.TryBegin();
        }

        var counts = _strategy.Count(pool, 1_000);

        Assert.Equal(1_000, counts[0] + counts[10]);
        Assert.InRange(counts[0], 400, 600);
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(5, 1, 1)]
    [InlineData(256, 255, 1)]
    [InlineData(4, 6, 10)]
    public void RequestsInFlight_AreExactlyInProportionToTheWeights(params int[] weights) =>
        Assert.Equal(weights.Select(w => 10 * w), _strategy.Begin(_strategy.Pool(weights), 10 * weights.Sum()));

    [Fact]
    public void BackendThatStartsSlowly_HasItsShareInFlight()
    {
        var time = new FakeTimeProvider();
        var options = Sample.PoolOptions(
            Sample.BackendOptions("http://127.0.0.1:9001"), Sample.BackendOptions("http://127.0.0.1:9002"))
            with { SlowStart = TimeSpan.FromSeconds(10) };
        var world = Sample.World(_strategy, options, time);
        world.BeginServing();
        var second = world.Current.DefaultPool.All[1];
        world.SetUp(second, up: false);
        world.SetUp(second, up: true);

        Assert.Equal([100, 10], _strategy.Begin(world.Current.DefaultPool, 110));

        time.Advance(TimeSpan.FromSeconds(5));
        world.Advance(second);

        Assert.Equal([140, 70], _strategy.Begin(world.Current.DefaultPool, 100));
    }

    [Fact]
    public void RequestThatEnds_MakesItsBackendTheNext()
    {
        var pool = _strategy.Pool(1, 1, 1);
        _strategy.Begin(pool, 9);

        pool.All[1].End(sent: true, failed: false);

        Assert.Same(pool.All[1], _strategy.Pick(pool, default));
    }

    [Fact]
    public void Failover_LeavesTheNextTurnAsItIs()
    {
        var pool = _strategy.Pool(1, 1, 1);

        _strategy.Walk(pool);

        Assert.Same(pool.All[1], _strategy.Pick(pool, default));
    }

    [Fact]
    public void ManyThreads_LeaveNoBackendFurtherBehindThanTheirNumber()
    {
        const int Threads = 8;
        var pool = _strategy.Pool([.. Enumerable.Repeat(1, 10)]);

        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Threads };
        Parallel.For(0, Threads, parallel, _ => _strategy.Begin(pool, 5_000));

        Assert.Equal(Threads * 5_000, pool.InFlight);
        Assert.InRange(pool.All.Max(b => b.InFlight) - pool.All.Min(b => b.InFlight), 0, Threads);
    }
}
