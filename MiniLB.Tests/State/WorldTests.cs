using MiniLB.Config.Options;
using MiniLB.State;

namespace MiniLB.Tests.State;

public sealed class WorldTests
{
    [Theory]
    [InlineData(true, "Probe", 0)]
    [InlineData(true, "Down", 0)]
    [InlineData(true, "Up", 2)]
    [InlineData(false, "Probe", 2)]
    [InlineData(false, "Down", 2)]
    public void Start_HasTheBackendsUp_ThatNothingWillProveFirst(bool probes, string initial, int up)
    {
        var pool = Sample.PoolOptions(Sample.BackendOptions("http://a"), Sample.BackendOptions("http://b"));
        var check = new HealthCheckOptions { Enabled = probes, Initial = Enum.Parse<InitialHealth>(initial) };

        var world = new World(new BalancerOptions { Pools = [pool with { HealthCheck = check }] }).Current;

        Assert.Equal((2, up), (world.Total, world.Alive));
    }

    [Fact]
    public void SetUp_ThatChangesNothing_SaysSoAndPublishesNothing()
    {
        var world = Sample.World(1, 1);
        var before = world.Current;

        Assert.False(world.SetUp(before.DefaultPool.All[0], up: true));
        Assert.Same(before, world.Current);

        Assert.True(world.SetUp(before.DefaultPool.All[0], up: false));
        Assert.False(world.SetUp(before.DefaultPool.All[0], up: false));
    }

    [Fact]
    public void Snapshot_TakenBeforeAChange_StaysAsItWas()
    {
        var world = Sample.World(1, 1, 1);
        var before = world.Current;
        var backend = before.DefaultPool.All[1];

        world.SetUp(backend, up: false);

        Assert.True(before.DefaultPool[backend].IsUp);
        Assert.Equal(3, before.Alive);
        Assert.False(world.Current.DefaultPool[backend].IsUp);
        Assert.Equal((3, 2), (world.Current.Total, world.Current.Alive));
    }

    [Fact]
    public void Backend_ThatReturns_StandsAtItsConfiguredPlace()
    {
        var world = Sample.World(1, 1, 1);
        var all = world.Current.DefaultPool.All;

        world.SetUp(all[0], up: false);
        world.SetUp(all[1], up: false);
        world.SetUp(all[0], up: true);

        Assert.Equal([all[0], all[2]], world.Current.DefaultPool.Available);
        Assert.Same(all, world.Current.DefaultPool.All);
    }

    [Fact]
    public void Change_InOnePool_LeavesTheOtherPoolsSnapshotItself()
    {
        var world = new World(new BalancerOptions
        {
            Pools = [.. new[] { "http://a", "http://b" }.Select(u => Sample.PoolOptions(Sample.BackendOptions(u)))],
        });
        var first = world.Current.Pools[0];

        world.SetUp(world.Current.Pools[1].All[0], up: false);

        Assert.Same(first, world.Current.Pools[0]);
        Assert.Equal((2, 1), (world.Current.Total, world.Current.Alive));
    }

    [Fact]
    public void ConcurrentChanges_LoseNone()
    {
        var world = Sample.World([.. Enumerable.Repeat(1, 16)]);
        var all = world.Current.DefaultPool.All;

        Parallel.ForEach(all, new ParallelOptions { MaxDegreeOfParallelism = 16 }, backend =>
        {
            for (var i = 0; i < 500; i++)
            {
                Assert.True(world.SetUp(backend, up: false));
                Assert.False(world.Current.DefaultPool[backend].IsUp);
                Assert.True(world.SetUp(backend, up: true));
            }

            world.SetUp(backend, up: backend.Index % 2 == 0);
        });

        Assert.Equal(all.Where(b => b.Index % 2 == 0), world.Current.DefaultPool.Available);
    }
}
