using MiniLB.RequestPath.Balance;
using MiniLB.State;

namespace MiniLB.Tests.RequestPath.Balance;

public sealed class RelativeLoadsTests
{
    [Fact]
    public void Least_OfAnyLoadsAndShares_IsTheExactMinimum_TheFirstFromTheStart()
    {
        var random = new Random(1);
        for (var round = 0; round < 300; round++)
        {
            var world = RandomWorld(random);
            var pool = world.Current.DefaultPool;
            var loads = new RelativeLoads(pool);
            for (var from = 0; from < pool.All.Length; from++)
            {
                Assert.Same(Expected(pool, from, default), loads.Least(from));
                var excluded = default(BackendSet).With(loads.Least(from)!);
                Assert.Same(Expected(pool, from, excluded), loads.Least(from, excluded));
            }
        }
    }

    [Fact]
    public void EqualFractions_OfDifferentShares_Tie()
    {
        // 49 * (1 / 49) is not 1 in binary fractions.
        foreach (int[] weights in (int[][])[[49, 7, 1], [.. Enumerable.Repeat((int[])[49, 7, 1], 5).SelectMany(w => w)]])
        {
            var pool = Sample.Pool(weights);
            Array.ForEach(pool.All, b => Begin(b, b.Weight));
            var loads = new RelativeLoads(pool);

            Assert.Equal(
                Enumerable.Range(0, weights.Length),
                Enumerable.Range(0, weights.Length).Select(from => loads.Least(from)!.Index));
        }
    }

    [Fact]
    public void PoolWithoutCandidates_HasNoLeast()
    {
        var world = Sample.World([.. Enumerable.Repeat(1, 20)]);
        foreach (var backend in world.Current.DefaultPool.All)
        {
            world.SetMode(backend, BackendMode.Disabled);
        }

        Assert.Null(new RelativeLoads(world.Current.DefaultPool).Least(3));
        Assert.Null(new RelativeLoads(Sample.Pool()).Least(0));
    }

    private static World RandomWorld(Random random)
    {
        var most = random.Next(3) == 0 ? 1 : 256;
        var world = Sample.World([.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => random.Next(1, most + 1))]);
        foreach (var backend in world.Current.DefaultPool.All)
        {
            Begin(backend, random.Next(random.Next(1, 300)));
            if (random.Next(4) == 0)
            {
                world.SetUp(backend, up: false);
            }
        }

        return world;
    }

    private static Backend? Expected(PoolSnapshot pool, int from, BackendSet excluded)
    {
        Backend? least = null;
        for (var i = 0; i < pool.All.Length; i++)
        {
            var backend = pool.All[(from + i) % pool.All.Length];
            if (Array.IndexOf(pool.Candidates, backend) >= 0 && !excluded.Contains(backend)
                && (least is null
                    || backend.InFlight * pool[least].Share < least.InFlight * pool[backend].Share))
            {
                least = backend;
            }
        }

        return least;
    }

    private static void Begin(Backend backend, int requests)
    {
        for (var i = 0; i < requests; i++)
        {
            backend.TryBegin();
        }
    }
}
