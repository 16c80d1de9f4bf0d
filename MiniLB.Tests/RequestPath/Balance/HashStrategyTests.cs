using MiniLB.Config.Options;
using MiniLB.RequestPath.Balance;
using MiniLB.State;

namespace MiniLB.Tests.RequestPath.Balance;

public sealed class HashStrategyTests
{
    private const int Keys = 20_000;

    [Theory]
    [InlineData(3)]
    [InlineData(50)]
    public void BackendThatIsDown_MovesItsOwnKeysOnly_AndTheyComeHome(int count)
    {
        var (strategy, world) = World(count);
        var before = Owners(strategy, world);
        var gone = world.Current.DefaultPool.All[1];

        world.SetUp(gone, up: false);
        var during = Owners(strategy, world);
        world.SetUp(gone, up: true);

        Assert.All(before.Zip(during), p => Assert.True(p.First == gone ? p.Second != gone : p.Second == p.First));
        Assert.Equal(before, Owners(strategy, world));
        // What was its own is spread over all the others.
        var heirs = before.Zip(during).Where(p => p.First == gone).GroupBy(p => p.Second).ToArray();
        Assert.Equal(count - 1, heirs.Length);
    }

    [Fact]
    public void SlowStart_BringsKeysHome_AndNoneLeavesAgain()
    {
        var clock = new FakeTimeProvider();
        var (strategy, world) = World(5, clock, TimeSpan.FromSeconds(10));
        var full = Owners(strategy, world);
        var rising = world.Current.DefaultPool.All[2];
        world.BeginServing();
        world.SetUp(rising, up: false);
        world.SetUp(rising, up: true);

        var home = new HashSet<int>();
        for (var second = 0; second <= 10; second++)
        {
            var owners = Owners(strategy, world);
            var now = Enumerable.Range(0, Keys).Where(k => owners[k] == rising && full[k] == rising).ToHashSet();
            Assert.Superset(home, now);
            home = now;
            clock.Advance(TimeSpan.FromSeconds(1));
            world.Advance(rising);
        }

        Assert.Equal(full, Owners(strategy, world));
    }

    [Theory]
    [InlineData(1.25)]
    [InlineData(2)]
    public void BoundedLoad_HoldsForOneHotKey(double factor)
    {
        var strategy = new HashStrategy("consistentHash", factor);
        var pool = Sample.World(strategy, [.. Enumerable.Repeat(1, 10)]).Current.DefaultPool;

        for (var i = 1; i <= 1_000; i++)
        {
            var backend = strategy.Pick(pool, new PickRequest(default, 42))!;
            backend.TryBegin();
            Assert.InRange(backend.InFlight, 1, (int)Math.Ceiling(i * factor / 10));
        }
    }

    [Fact]
    public void WithoutABound_OneKeyStaysWhereItIs()
    {
        var (strategy, world) = World(10);
        var pool = world.Current.DefaultPool;
        var home = strategy.Pick(pool, new PickRequest(default, 42))!;
        for (var i = 0; i < 1_000; i++)
        {
            home.TryBegin();
        }

        Assert.Same(home, strategy.Pick(pool, new PickRequest(default, 42)));
    }

    [Fact]
    public void WeightThatChanges_MovesFewKeys()
    {
        var (strategy, world) = World(10);
        var before = Owners(strategy, world);

        world.SetWeight(world.Current.DefaultPool.All[0], 2);

        // Of 11 shares one is new.
        var moved = before.Zip(Owners(strategy, world)).Count(p => p.First != p.Second);
        Assert.InRange(moved / (double)Keys, 0.05, 0.15);
    }

    private static Backend[] Owners(BalanceStrategy strategy, World world) =>
        [.. EveryStrategyTests.Picks(strategy, world, Keys)];

    private static (BalanceStrategy Strategy, World World) World(
        int count, TimeProvider? clock = null, TimeSpan slowStart = default)
    {
        var strategy = new HashStrategy("consistentHash", boundedLoad: 0);
        var backends = Enumerable.Range(0, count).Select(i => Sample.BackendOptions($"http://127.0.0.1:{9001 + i}"));
        var options = Sample.PoolOptions([.. backends]) with
        {
            Strategy = StrategyName.ConsistentHash,
            SlowStart = slowStart,
        };
        return (strategy, Sample.World(strategy, options, clock));
    }
}
