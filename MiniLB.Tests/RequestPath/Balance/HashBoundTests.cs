using MiniLB.RequestPath.Balance;
using MiniLB.State;

namespace MiniLB.Tests.RequestPath.Balance;

public sealed class HashBoundTests
{
    [Theory]
    [InlineData(1.25, 1, 1, 1)]
    [InlineData(1.25, 5, 1, 1)]
    [InlineData(1.01, 1, 2, 3, 4)]
    [InlineData(2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)]
    public void Load_IsWithinTheBound_AtEveryPick(double factor, params int[] weights)
    {
        var pool = HashPicks.World(HashPicks.Options(weights, boundedLoad: factor)).Current.DefaultPool;
        var random = new Random(7);
        var running = new List<Backend>();
        for (var i = 0; i < 20_000; i++)
        {
            // A few keys are asked for all the time; requests end in any order, now and then nearly all of them.
            var key = HashPicks.Keys[random.Next(4) == 0 ? random.Next(1_000) : random.Next(3)];
            var backend = HashPicks.Pick(pool, key)!;

            Assert.True(backend.TryBegin());
            running.Add(backend);
            Assert.True(backend.InFlight <= Cap(factor, running.Count, weights, backend),
                $"{backend.InFlight} of {running.Count} at {backend.Url}");

            for (var ends = random.Next(i % 4_000 == 0 ? running.Count : 3); ends > 0 && running.Count > 0; ends--)
            {
                var ended = random.Next(running.Count);
                running[ended].End(sent: true, failed: false);
                running.RemoveAt(ended);
            }
        }
    }

    [Fact]
    public void Key_StaysAtHome_WhileThereIsRoom()
    {
        var bounded = HashPicks.World(HashPicks.Options([1, 2, 3], boundedLoad: 1.25));

        Assert.Equal(HashPicks.Homes(HashPicks.World(HashPicks.Options([1, 2, 3]))), HashPicks.Homes(bounded));
    }

    [Theory]
    [InlineData(1.25)]
    [InlineData(2)]
    public void OneHotKey_OverflowsToTheNextInItsOrder_AndLeavesNoneOut(double factor)
    {
        foreach (var key in HashPicks.Keys[..50])
        {
            var pool = HashPicks.World(HashPicks.Options(HashPicks.Equal(10), boundedLoad: factor)).Current.DefaultPool;
            var order = HashPicks.Walk(pool, key);
            var used = new List<Backend>();
            for (var i = 1; i <= 1_000; i++)
            {
                var backend = HashPicks.Pick(pool, key)!;
                Assert.True(backend.TryBegin());
                Assert.InRange(backend.InFlight, 1, (int)Math.Ceiling(i * factor / 10));
                used = [.. used.Append(backend).Distinct()];
            }

            Assert.Equal(order[..used.Count], used);
            Assert.InRange(used.Count, (int)(10 / factor), 10);
        }
    }

    [Fact]
    public void LoadOfABackendOutOfRotation_LoosensNoBound()
    {
        var world = HashPicks.World(HashPicks.Options([1, 1, 1], boundedLoad: 1.25));
        var all = world.Current.DefaultPool.All;
        for (var i = 0; i < 1_000; i++)
        {
            all[0].TryBegin();
        }

        world.SetUp(all[0], up: false);
        for (var i = 0; i < 8; i++)
        {
            HashPicks.Pick(world.Current.DefaultPool, HashPicks.Keys[0])!.TryBegin();
        }

        Assert.Equal([3, 5], new[] { all[1].InFlight, all[2].InFlight }.Order());
    }

    [Fact]
    public void Failover_YieldsEachBackendOnce_FullOnesToo()
    {
        var pool = HashPicks.World(HashPicks.Options([1, 1, 1], boundedLoad: 1.25)).Current.DefaultPool;
        for (var i = 0; i < 10; i++)
        {
            Assert.True(pool.All[0].TryBegin());
        }

        Assert.All(HashPicks.Keys[..500], key =>
        {
            var walked = HashPicks.Walk(pool, key);
            Assert.Equal(pool.All, walked.OrderBy(b => b.Index));
            Assert.Same(pool.All[0], walked[^1]);
        });
    }

    [Fact]
    public void WithoutABound_OneHotKeyStaysAtHome()
    {
        var pool = HashPicks.World(10).Current.DefaultPool;
        var home = HashPicks.Pick(pool, 42)!;
        for (var i = 0; i < 1_000; i++)
        {
            home.TryBegin();
        }

        Assert.Same(home, HashPicks.Pick(pool, 42));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(70)]
    public void Pick_WithFailover_AllocatesNothing(int n)
    {
        var world = HashPicks.World(HashPicks.Options(HashPicks.Equal(n), boundedLoad: 1.25));
        world.SetUp(world.Current.DefaultPool.All[1], up: false);
        PickTwice(world.Current.DefaultPool);

        var before = GC.GetAllocatedBytesForCurrentThread();
        PickTwice(world.Current.DefaultPool);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void PickTwice(PoolSnapshot pool)
    {
        // One that a set of 64 holds, so that what it costs is not counted.
        var tried = default(BackendSet).With(pool.All[0]);
        foreach (var key in HashPicks.Keys)
        {
            HashPicks.Pick(pool, key)!.TryBegin();
            HashPicks.Pick(pool, key, tried);
        }
    }

    private static double Cap(double factor, int inFlight, int[] weights, Backend backend) =>
        Math.Ceiling((factor * inFlight * weights[backend.Index] / weights.Sum()) - 1e-9);
}
