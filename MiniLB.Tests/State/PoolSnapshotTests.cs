namespace MiniLB.Tests.State;

public sealed class PoolSnapshotTests
{
    [Fact]
    public void Candidates_AreThoseInRotation_OrAllWhereNoneIs()
    {
        var world = Sample.World(1, 1);
        var all = world.Current.DefaultPool.All;

        world.SetUp(all[0], up: false);
        Assert.Equal([all[1]], world.Current.DefaultPool.Candidates);

        world.SetUp(all[1], up: false);
        Assert.Equal(all, world.Current.DefaultPool.Candidates);
        Assert.Empty(world.Current.DefaultPool.Available);
    }

    [Fact]
    public void Candidates_OfOneSnapshot_AreOneArray()
    {
        var pool = Sample.Pool(1, 1);

        Assert.Same(pool.Candidates, pool.Candidates);
    }
}
