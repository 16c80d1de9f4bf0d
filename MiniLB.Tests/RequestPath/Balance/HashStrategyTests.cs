using MiniLB.RequestPath.Balance;
using MiniLB.State;

namespace MiniLB.Tests.RequestPath.Balance;

public sealed class HashStrategyTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(40)]
    public void Keys_AreSpreadEvenly_WithinFiveStandardDeviations(int n)
    {
        var share = HashPicks.Keys.Length / (double)n;
        var deviation = Math.Sqrt(share * (1 - (1.0 / n)));

        Assert.All(HashPicks.Counts(HashPicks.World(n)), c => Assert.Equal(share, c, 5 * deviation));
    }

    [Fact]
    public void WeightThatChanges_MovesFewKeys_AndTheyComeHomeWithTheOldOne()
    {
        var world = HashPicks.World(10);
        var before = HashPicks.Homes(world);
        var first = world.Current.DefaultPool.All[0];

        world.SetWeight(first, 2);

        // Of 11 shares one is new.
        var moved = before.Zip(HashPicks.Homes(world)).Count(p => p.First != p.Second);
        Assert.InRange(moved / (double)HashPicks.Keys.Length, 0.05, 0.15);

        world.SetWeight(first, 1);
        Assert.Equal(before, HashPicks.Homes(world));
    }

    [Fact]
    public void Failover_OfOneBackendsKeys_GoesToAllOfTheOthers()
    {
        var pool = HashPicks.World(5).Current.DefaultPool;
        var keys = Array.FindAll(HashPicks.Keys, k => HashPicks.Pick(pool, k)!.Index == 0);
        var failed = default(BackendSet).With(pool.All[0]);

        var next = keys.CountBy(k => HashPicks.Pick(pool, k, failed)!.Index).ToDictionary();

        Assert.All(Enumerable.Range(1, 4), i => Assert.InRange(next[i] / (double)keys.Length, 0.2, 0.3));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(40)]
    public void EveryChangeOfHealth_MovesTheKeysOfThatBackendOnly(int n)
    {
        var random = new Random(n);
        var world = HashPicks.World(HashPicks.Options([.. Enumerable.Range(0, n).Select(i => 1 + (i % 3))]));
        var first = HashPicks.Homes(world);
        var homes = first;
        var all = world.Current.DefaultPool.All;
        for (var change = 0; change < 60; change++)
        {
            var backend = all[random.Next(n)];
            var goes = world.Current.DefaultPool[backend].IsUp;
            if (goes && world.Current.DefaultPool.Available.Length == 1)
            {
                continue;
            }

            world.SetUp(backend, up: !goes);
            var now = HashPicks.Homes(world);

            // Towards the end most are down, and what finds nobody in the table is spread by the rest.
            Assert.All(homes.Zip(now), h => Assert.True(
                h.First == h.Second || (goes ? h.First : h.Second) == backend.Index));
            Assert.Equal(goes, !now.Contains(backend.Index));
            homes = now;
        }

        Assert.All(all, b => world.SetUp(b, up: true));
        Assert.Equal(first, HashPicks.Homes(world));
    }

    [Fact]
    public void MostBackendsDown_TheRestShareTheKeysByWeight()
    {
        var world = HashPicks.World(HashPicks.Options([.. Enumerable.Range(0, 200).Select(i => i == 50 ? 2 : 1)]));
        foreach (var backend in world.Current.DefaultPool.All.Where(b => b.Index % 50 != 0))
        {
            world.SetUp(backend, up: false);
        }

        var counts = HashPicks.Counts(world);

        Assert.All(world.Current.DefaultPool.Candidates, b => Assert.Equal(
            world.Current.DefaultPool[b].Weight / 5.0, counts[b.Index] / (double)HashPicks.Keys.Length, 0.015));
    }

    [Fact]
    public void OrderOfTheBackends_HasNoEffect_NorOnFailoverAndSlowStart()
    {
        var options = HashPicks.Options([1, 2, 3, 1, 2, 3, 1, 2, 3], backups: 7) with
        {
            SlowStart = TimeSpan.FromSeconds(10),
        };
        var one = HashPicks.World(options, new FakeTimeProvider());
        var other = HashPicks.World(options with { Backends = [.. options.Backends.Reverse()] }, new FakeTimeProvider());
        foreach (var world in new[] { one, other })
        {
            world.BeginServing();
            var (down, rising) = (Find(world, options.Backends[2].Url), Find(world, options.Backends[4].Url));
            world.SetUp(down, up: false);
            world.SetUp(rising, up: false);
            world.SetUp(rising, up: true);
        }

        Assert.All(HashPicks.Keys[..2_000], key => Assert.Equal(
            HashPicks.Walk(one.Current.DefaultPool, key).Select(b => b.Url),
            HashPicks.Walk(other.Current.DefaultPool, key).Select(b => b.Url)));
    }

    [Fact]
    public void Backups_HaveKeysOfTheirOwn_WhichTheyKeepWhileOthersComeAndGo()
    {
        var world = HashPicks.World(6, backups: 3);
        var all = world.Current.DefaultPool.All;
        var homes = HashPicks.Homes(world);

        Assert.All(all[..3], b => world.SetUp(b, up: false));
        var backups = HashPicks.Homes(world);
        Assert.All(Enumerable.Range(3, 3), i => Assert.InRange(backups.Count(b => b == i), 6_300, 7_000));

        world.SetUp(all[4], up: false);
        Assert.All(backups.Zip(HashPicks.Homes(world)), h => Assert.True(h.First == h.Second || h.First == 4));

        Assert.All(all[..3], b => world.SetUp(b, up: true));
        Assert.Equal(homes, HashPicks.Homes(world));
    }

    private static Backend Find(World world, string url) =>
        Array.Find(world.Current.DefaultPool.All, b => b.Url == url)!;
}
