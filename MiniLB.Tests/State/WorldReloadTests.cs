using MiniLB.Config.Options;
using MiniLB.RequestPath.Balance;
using MiniLB.State;

namespace MiniLB.Tests.State;

/// <summary>What the world keeps, and what it changes, when it is given another configuration.</summary>
public sealed class WorldReloadTests
{
    private World _world = null!;

    [Fact]
    public void BackendOfTheSameAddress_IsTheSame_WhereverItStandsInTheList()
    {
        Begin(Pool("a", "b", "c"));
        var (a, c) = (Of("a"), Of("c"));

        Reload(Pool("c", "d", "a"));

        Assert.Same(a, Of("a"));
        Assert.Same(c, Of("c"));
        Assert.Equal(["http://c", "http://d", "http://a"], _world.Current.DefaultPool.All.Select(b => b.Url));
    }

    [Fact]
    public void HealthModeAndEjection_Stay()
    {
        Begin(Pool("a", "b", "c", "d"));
        _world.SetUp(Of("a"), up: false);
        _world.SetMode(Of("b"), BackendMode.Draining);
        _world.Eject(Of("c"), couldNotConnect: true);

        Reload(Pool("d", "c", "b", "a"));

        Assert.False(Status("a").IsUp);
        Assert.Equal(BackendMode.Draining, Status("b").Mode);
        Assert.NotNull(Status("c").Ejection);
        Assert.True(Status("d").IsAvailable);
    }

    [Fact]
    public void WeightOfTheOperator_Stays_UntilTheConfigurationHasAnother()
    {
        Begin(Pool("a"));
        _world.SetWeight(Of("a"), 7);

        Reload(Pool("a", "b"));
        Assert.Equal(7, Status("a").Weight);

        var options = Pool("a");
        Reload(options with { Backends = [options.Backends[0] with { Weight = 3 }] });
        Assert.Equal(3, Status("a").Weight);
    }

    [Fact]
    public void NewBackend_WaitsForItsFirstProbe_AndIsUpWithoutProbes()
    {
        Begin(Pool("a"));

        Reload(Pool("a", "b") with { HealthCheck = new HealthCheckOptions() });
        Assert.False(Status("b").IsUp);

        Reload(Pool("a", "b", "c") with { HealthCheck = new HealthCheckOptions { Enabled = false } });
        Assert.True(Status("b").IsUp && Status("c").IsUp);
    }

    [Fact]
    public void RequestsInFlight_AreCountedOn_AndTheirPlaceIsFreeOnlyAfterThem()
    {
        Begin(Pool("a", "b"));
        var a = Of("a");
        Assert.True(a.TryBegin());

        Reload(Pool("b", "c"));
        Assert.True(a.HasLeft);
        Assert.NotEqual(a.Index, Of("c").Index);
        Assert.Equal(0, _world.Current.DefaultPool.InFlight);

        _world.Tidy();
        Assert.Equal(1, a.InFlight);
        a.End(sent: true, failed: false);
        _world.Tidy();
        Assert.False(a.TryBegin());
        Reload(Pool("b", "c", "d"));
        Assert.Equal(a.Index, Of("d").Index);
    }

    [Fact]
    public void ThousandReloads_NeedNoMorePlacesThanOne()
    {
        Begin(Pool("a", "b"));
        for (var i = 0; i < 1000; i++)
        {
            Reload(Pool("a", $"b{i}"));
            _world.Tidy();
        }

        Assert.InRange(_world.Current.DefaultPool.ByIndex.Length, 2, 3);
    }

    [Fact]
    public void StrategiesPickFromGapsBetweenPlaces_AsTheyShould()
    {
        foreach (var strategy in (BalanceStrategy[])[
            new LeastConnectionsStrategy(), new RoundRobinStrategy(), new HashStrategy("consistentHash", 1.25),
            new PowerOfTwoStrategy(new Random(1), TimeProvider.System)])
        {
            Begin(Pool([.. Enumerable.Range(0, 20).Select(i => $"b{i}")]), strategy);
            Reload(Pool([.. Enumerable.Range(0, 20).Where(i => i % 3 == 1).Select(i => $"b{i}"), "x", "y"]));
            var pool = _world.Current.DefaultPool;
            var picked = new HashSet<Backend>();
            for (var i = 0UL; i < 2000; i++)
            {
                var backend = strategy.Pick(pool, new PickRequest(default, i * 0x9E3779B97F4A7C15))!;
                Assert.True(pool.Has(backend), strategy.Name);
                Assert.True(backend.TryBegin());
                picked.Add(backend);
            }

            Assert.Equal(pool.All.Length, picked.Count);
        }
    }

    [Fact]
    public void RemovedPool_Retires_AndAnotherTakesItsPlace()
    {
        var retired = 0;
        _world = new World(
            new BalancerOptions { Pools = [Pool("a") with { Name = "old" }, Pool("b")] }, new FakeTimeProvider(),
            (_, _, _) => new RetiringPath(() => retired++));
        var a = _world.Current.Pools[0].All[0];

        Assert.Null(_world.Reload(new BalancerOptions { Pools = [Pool("b"), Pool("a") with { Name = "new" }] }));

        Assert.Equal((1, true), (retired, a.HasLeft));
        Assert.Null(_world.PoolOf(a));
        Assert.False(_world.SetUp(a, up: false));
        Assert.Equal(["default", "new"], _world.Current.Pools.Select(p => p.Options.Name));
    }

    [Fact]
    public void OtherCircuitOptions_BeginWithAClosedCircuit()
    {
        var broken = new CircuitBreakerOptions { Enabled = true, MinRequests = 1 };
        Begin(Pool("a", "b") with { CircuitBreaker = broken });
        var before = Of("a").Circuit!.Stage;
        Sample.OpenCircuit(_world, Of("a"));

        Reload(Pool("a", "b", "c") with { CircuitBreaker = broken with { } });
        Assert.True(Status("a").IsCircuitOpen);

        Reload(Pool("a", "b") with { CircuitBreaker = broken with { MinRequests = 2 } });
        Assert.False(Status("a").IsCircuitOpen);
        Assert.Equal(CircuitChange.None, Of("a").Circuit!.End(Verdict.Failure, before));
    }

    private static PoolOptions Pool(params string[] hosts) =>
        Sample.PoolOptions([.. hosts.Select(h => Sample.BackendOptions($"http://{h}"))]);

    private void Begin(PoolOptions options, BalanceStrategy? strategy = null) =>
        _world = Sample.World(strategy ?? new RoundRobinStrategy(), options, new FakeTimeProvider());

    private void Reload(PoolOptions options) =>
        Assert.Null(_world.Reload(new BalancerOptions { Pools = [options] }));

    private Backend Of(string host) =>
        Assert.Single(_world.Current.DefaultPool.All, b => b.Url == $"http://{host}");

    private BackendStatus Status(string host) => _world.Current.DefaultPool[Of(host)];

    private sealed class RetiringPath(Action retire) : PoolPath
    {
        public override object? Plan(PoolSnapshot pool) => null;

        public override void Retire() => retire();
    }
}
