using MiniLB.RequestPath.Balance;
using MiniLB.State;

namespace MiniLB.Tests.RequestPath.Balance;

public sealed class RoundRobinStrategyTests
{
    [Fact]
    public void Picks_OfEqualWeights_TakeTurnsFromTheFirst() => Assert.Equal("ABCABCA", Turns(Sample.Pool(1, 1, 1), 7));

    [Theory]
    [InlineData("AABACAA", 5, 1, 1)]
    [InlineData("ABABABA", 2, 2)]
    [InlineData("ABAABAA", 200, 100)]
    [InlineData("AAAAAAA", 3)]
    [InlineData("BACBBAC", 1, 2, 1)]
    public void Picks_OfDifferentWeights_AreSpreadSmoothly(string turns, params int[] weights) =>
        Assert.Equal(turns, Turns(Sample.Pool(weights), turns.Length));

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(5, 1, 1)]
    [InlineData(256, 255, 1)]
    [InlineData(4, 6, 10)]
    public void Shares_OfManyThreads_AreExactlyTheWeights(params int[] weights)
    {
        const int Threads = 8;
        var rounds = 1_000 * Threads;
        var strategy = new RoundRobinStrategy();
        var pool = Sample.Pool(weights);
        var picks = new long[weights.Length];
        var perThread = rounds / Threads * weights.Sum();

        Parallel.For(0, Threads, new ParallelOptions { MaxDegreeOfParallelism = Threads }, _ =>
        {
            var mine = new long[weights.Length];
            for (var i = 0; i < perThread; i++)
            {
                mine[strategy.Pick(pool, default)!.Index]++;
            }

            for (var i = 0; i < mine.Length; i++)
            {
                Interlocked.Add(ref picks[i], mine[i]);
            }
        });

        Assert.Equal(weights.Select(w => (long)w * rounds), picks);
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(5, 1, 1)]
    [InlineData(1, 100, 3)]
    public void Failover_YieldsEachBackendOnceAndThenNone(params int[] weights)
    {
        var strategy = new RoundRobinStrategy();
        var pool = Sample.Pool(weights);
        for (var request = 0; request < 20; request++)
        {
            Assert.Equal(pool.All.Order(ByIndex), Walk(strategy, pool).Order(ByIndex));
        }
    }

    [Fact]
    public void Failover_OverMoreThanSixtyFourBackends_YieldsEachOnceAndThenNone()
    {
        var pool = Sample.Pool([.. Enumerable.Repeat(1, 130)]);

        Assert.Equal(pool.All, Walk(new RoundRobinStrategy(), pool));
    }

    [Fact]
    public void Failover_DrawsNoTicket_SoThatTheNextRequestsTurnIsTheSame()
    {
        var strategy = new RoundRobinStrategy();
        var pool = Sample.Pool(1, 1, 1);

        Walk(strategy, pool);

        Assert.Equal(pool.All[1], strategy.Pick(pool, default));
    }

    [Fact]
    public void BackendOutOfRotation_IsNeverPicked_AndItsShareIsSharedEvenly()
    {
        var world = Sample.World(1, 1, 1, 1);
        world.SetUp(world.Current.DefaultPool.All[1], up: false);

        Assert.Equal("ACDACDACD", Turns(world.Current.DefaultPool, 9));
    }

    [Fact]
    public void NewSnapshot_IsFollowedAtTheNextPick()
    {
        var world = Sample.World(1, 1);
        var strategy = new RoundRobinStrategy();
        var both = world.Current.DefaultPool;
        strategy.Pick(both, default);
        world.SetUp(both.All[0], up: false);

        var picked = Enumerable.Range(0, 4).Select(_ => strategy.Pick(world.Current.DefaultPool, default));

        Assert.All(picked, b => Assert.Same(both.All[1], b));
        Assert.Contains(both.All[0], Walk(strategy, both));
    }

    [Fact]
    public void NoneInRotation_TriesThemAll()
    {
        var world = Sample.World(1, 1);
        foreach (var backend in world.Current.DefaultPool.All)
        {
            world.SetUp(backend, up: false);
        }

        Assert.Equal("ABA", Turns(world.Current.DefaultPool, 3));
    }

    [Fact]
    public void EmptyPool_YieldsNone() => Assert.Null(new RoundRobinStrategy().Pick(Sample.Pool(), default));

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(5, 1, 1)]
    public void Pick_OnceWarm_AllocatesNothing(params int[] weights)
    {
        var strategy = new RoundRobinStrategy();
        var pool = Sample.Pool(weights);
        PickWithFailover(strategy, pool, 1_000);

        Assert.Equal(0, Allocated.By(() => PickWithFailover(strategy, pool, 10_000)));
    }

    private static Comparer<Backend> ByIndex => Comparer<Backend>.Create((a, b) => a.Index.CompareTo(b.Index));

    private static string Turns(PoolSnapshot pool, int count)
    {
        var strategy = new RoundRobinStrategy();
        return string.Concat(Enumerable.Range(0, count).Select(_ => (char)('A' + strategy.Pick(pool, default)!.Index)));
    }

    /// <summary>All that one request is given to when every attempt fails.</summary>
    private static List<Backend> Walk(RoundRobinStrategy strategy, PoolSnapshot pool)
    {
        var walked = new List<Backend>();
        var request = default(PickRequest);
        while (strategy.Pick(pool, request) is { } backend)
        {
            walked.Add(backend);
            request = request with { Excluded = request.Excluded.With(backend) };
            Assert.True(walked.Count <= pool.All.Length, "more picks than backends");
        }

        return walked;
    }

    private static void PickWithFailover(RoundRobinStrategy strategy, PoolSnapshot pool, int times)
    {
        for (var i = 0; i < times; i++)
        {
            var tried = default(BackendSet).With(strategy.Pick(pool, default)!);
            strategy.Pick(pool, new PickRequest(tried, 0));
        }
    }
}
