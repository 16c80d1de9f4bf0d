using MiniLB.Config.Options;
using MiniLB.RequestPath.Balance;
using MiniLB.State;

namespace MiniLB.Tests.State;

/// <summary>Who starts slowly, and how fast it rises.</summary>
public sealed class WorldSlowStartTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void Returned_RisesFromATenthToItsFullShare()
    {
        var (world, all) = Serving(2);
        Bounce(world, all[0]);

        var shares = Enumerable.Range(0, 11).Select(_ =>
        {
            var share = ShareOf(world, all[0]);
            _clock.Advance(TimeSpan.FromSeconds(10));
            world.Advance(all[0]);
            return share;
        }).ToArray();

        Assert.Equal([1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], shares);
        Assert.Null(world.Current.DefaultPool[all[0]].RisingSince);
        Assert.Equal(10, ShareOf(world, all[1]));
    }

    [Fact]
    public void WhileNothingRises_NothingIsPublished()
    {
        var (world, all) = Serving(2);
        var before = world.Current;

        _clock.Advance(TimeSpan.FromHours(1));

        Assert.All(all, b => world.Advance(b));
        Assert.Same(before, world.Current);
    }

    [Fact]
    public void Snapshots_OfARise_AreTenAtMost()
    {
        var (world, all) = Serving(2);
        Bounce(world, all[0]);
        var published = 0;
        world.Changed += () => published++;

        for (var i = 0; i < 1_000; i++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(100));
            world.Advance(all[0]);
        }

        Assert.Equal(9, published);
    }

    [Fact]
    public void Flapping_BeginsAnewEachTime()
    {
        var (world, all) = Serving(2);
        Bounce(world, all[0]);
        _clock.Advance(TimeSpan.FromSeconds(90));
        world.Advance(all[0]);
        Assert.Equal(9, ShareOf(world, all[0]));

        Bounce(world, all[0]);

        Assert.Equal(1, ShareOf(world, all[0]));
        _clock.Advance(TimeSpan.FromSeconds(15));
        world.Advance(all[0]);
        Assert.Equal(1, ShareOf(world, all[0]));
    }

    [Fact]
    public void StartOfTheProcess_IsNotSlow()
    {
        var world = World(Pool(2) with { HealthCheck = new HealthCheckOptions() });
        var all = world.Current.DefaultPool.All;

        Assert.All(all, b => world.SetUp(b, up: true));

        Assert.All(all, b => Assert.Equal(10, ShareOf(world, b)));
    }

    [Fact]
    public void FirstOfAnEmptyPool_HasItAllAtOnce_AndTheNextStartsSlowly()
    {
        var (world, all) = Serving(2);
        world.SetUp(all[0], up: false);
        world.SetUp(all[1], up: false);

        world.SetUp(all[1], up: true);
        world.SetUp(all[0], up: true);

        Assert.Equal((10, 1), (ShareOf(world, all[1]), ShareOf(world, all[0])));
    }

    [Fact]
    public void LoneBackend_IsNeverSlow()
    {
        var (world, all) = Serving(1);

        Bounce(world, all[0]);

        Assert.Equal(10, ShareOf(world, all[0]));
    }

    [Fact]
    public void FirstPrimary_AfterTheBackups_IsAlone_AndNotSlow()
    {
        var options = Pool(3);
        options = options with
        {
            Backends = [.. options.Backends.Select((b, i) => b with { IsBackup = i == 2 })],
        };
        var world = World(options);
        world.BeginServing();
        var all = world.Current.DefaultPool.All;
        world.SetUp(all[0], up: false);
        world.SetUp(all[1], up: false);
        Assert.Equal([all[2]], world.Current.DefaultPool.Available);

        world.SetUp(all[0], up: true);
        world.SetUp(all[1], up: true);

        Assert.Equal((10, 1), (ShareOf(world, all[0]), ShareOf(world, all[1])));
    }

    [Theory]
    [InlineData("readmitted")]
    [InlineData("enabled")]
    [InlineData("undrained")]
    [InlineData("circuit")]
    public void EveryWayBack_IsSlow(string way)
    {
        var (world, all) = Serving(2);
        switch (way)
        {
            case "readmitted":
                world.Eject(all[0], couldNotConnect: false);
                world.Readmit(all[0], world.Current.DefaultPool[all[0]].Ejection!);
                break;
            case "circuit":
                Sample.OpenCircuit(world, all[0]);
                _clock.Advance(TimeSpan.FromSeconds(10));
                all[0].Circuit!.TryHalfOpen();
                world.FollowCircuit(all[0]);
                break;
            default:
                world.SetMode(all[0], way == "enabled" ? BackendMode.Disabled : BackendMode.Draining);
                world.SetMode(all[0], BackendMode.Enabled);
                break;
        }

        Assert.Equal(1, ShareOf(world, all[0]));
    }

    [Fact]
    public void Weight_SetDuringTheRise_IsRisenToo()
    {
        var (world, all) = Serving(2);
        Bounce(world, all[0]);

        world.SetWeight(all[0], 7);

        Assert.Equal(7, ShareOf(world, all[0]));
        _clock.Advance(TimeSpan.FromSeconds(50));
        world.Advance(all[0]);
        Assert.Equal(35, ShareOf(world, all[0]));
    }

    [Fact]
    public void Pool_WithoutSlowStart_GivesTheFullShareAtOnce()
    {
        var world = World(Pool(2) with { SlowStart = TimeSpan.Zero });
        world.BeginServing();
        var backend = world.Current.DefaultPool.All[0];

        Bounce(world, backend);

        Assert.Equal(10, ShareOf(world, backend));
    }

    private (World World, Backend[] All) Serving(int backends)
    {
        var world = World(Pool(backends));
        world.BeginServing();
        return (world, world.Current.DefaultPool.All);
    }

    private World World(PoolOptions options) => Sample.World(new RoundRobinStrategy(), options, _clock);

    private static PoolOptions Pool(int backends) =>
        Sample.PoolOptions([.. Enumerable.Range(0, backends).Select(i => Sample.BackendOptions($"http://b{i}"))]) with
        {
            SlowStart = TimeSpan.FromSeconds(100),
            CircuitBreaker = new CircuitBreakerOptions { Enabled = true, MinRequests = 1 },
        };

    private static void Bounce(World world, Backend backend)
    {
        world.SetUp(backend, up: false);
        world.SetUp(backend, up: true);
    }

    private static int ShareOf(World world, Backend backend)
    {
        var pool = world.Current.DefaultPool;
        return pool.Shares[Array.IndexOf(pool.Candidates, backend)];
    }
}
