using MiniLB.State;

namespace MiniLB.Tests.RequestPath.Balance;

public sealed class HashSlowStartTests
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 1, 1, 1, 1)]
    [InlineData(3, 1, 2)]
    public void BackendThatReturns_GetsItsKeysBackStepByStep_AndSendsNoneAway(params int[] weights)
    {
        var world = World(weights);
        var backend = world.Current.DefaultPool.All[0];
        var homes = HashPicks.Homes(world);
        world.SetUp(backend, up: false);
        var away = HashPicks.Homes(world);
        world.SetUp(backend, up: true);
        var mine = Mine(world);

        for (var second = 0; second <= BackendStatus.FullSteps; second++)
        {
            var steps = world.Current.DefaultPool[backend].Steps;
            var others = BackendStatus.FullSteps * weights[1..].Sum();
            Assert.Equal(
                weights[0] * steps / (double)((weights[0] * steps) + others),
                mine.Count / (double)HashPicks.Keys.Length, 0.015);

            _time.Advance(TimeSpan.FromSeconds(1));
            world.Advance(backend);
            var next = Mine(world);
            Assert.Superset(mine, next);
            mine = next;

            // Those that are not home yet have stayed where they were meanwhile.
            Assert.All(HashPicks.Homes(world).Zip(away), h => Assert.True(h.First == 0 || h.First == h.Second));
        }

        Assert.Equal(homes, HashPicks.Homes(world));
    }

    [Fact]
    public void SeveralThatReturnAtOnce_ShareInProportionToTheirSteps()
    {
        var world = World(HashPicks.Equal(8));
        var all = world.Current.DefaultPool.All;
        Assert.All(all[1..], b => world.SetUp(b, up: false));
        Assert.All(all[1..], b => world.SetUp(b, up: true));

        // The first has ten of 17 shares.
        Assert.Equal(10.0 / 17, HashPicks.Counts(world)[0] / (double)HashPicks.Keys.Length, 0.02);
    }

    [Fact]
    public void Failover_StillYieldsEachBackendOnce()
    {
        var world = World([1, 1, 1]);
        var all = world.Current.DefaultPool.All;
        world.SetUp(all[1], up: false);
        world.SetUp(all[1], up: true);

        Assert.All(HashPicks.Keys[..500], key =>
            Assert.Equal(all, HashPicks.Walk(world.Current.DefaultPool, key).OrderBy(b => b.Index)));
    }

    private World World(int[] weights)
    {
        var world = HashPicks.World(HashPicks.Options(weights) with { SlowStart = Window }, _time);
        world.BeginServing();
        return world;
    }

    private static HashSet<int> Mine(World world) =>
        [.. HashPicks.Homes(world).Index().Where(h => h.Item == 0).Select(h => h.Index)];
}
