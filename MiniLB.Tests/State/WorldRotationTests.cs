using MiniLB.Config.Options;
using MiniLB.RequestPath.Balance;
using MiniLB.State;

namespace MiniLB.Tests.State;

/// <summary>What takes a backend out of rotation, and what brings it back.</summary>
public sealed class WorldRotationTests
{
    private readonly FakeTimeProvider _clock = new();

    [Theory]
    [InlineData(1, 0)] // the last one never is
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    [InlineData(4, 2)]
    [InlineData(5, 2)]
    public void Ejection_TakesHalfOfThePoolAtMost(int backends, int most)
    {
        var world = World(backends);

        var ejected = All(world).Count(b => world.Eject(b, couldNotConnect: false) is not null);

        Assert.Equal(most, ejected);
        Assert.Equal(backends - most, world.Current.DefaultPool.Available.Length);
    }

    [Fact]
    public void Ejection_LeavesTheLastOneThatProbesHaveLeft()
    {
        var world = World(4);
        world.SetUp(All(world)[0], up: false);
        world.SetUp(All(world)[1], up: false);
        world.SetMode(All(world)[2], BackendMode.Draining);

        Assert.Null(world.Eject(All(world)[3], couldNotConnect: true));
    }

    [Fact]
    public void EachEjection_IsLonger_UntilItIsForgiven()
    {
        var world = World(2);
        var backend = All(world)[0];
        var lengths = new List<double>();
        foreach (var stayed in new[] { 0, 5, 5, 25, 1_000 })
        {
            _clock.Advance(TimeSpan.FromSeconds(stayed));
            lengths.Add(world.Eject(backend, couldNotConnect: false)!.Value.TotalSeconds);
            Assert.Null(world.Eject(backend, couldNotConnect: false));
            Assert.True(world.Readmit(backend));
            Assert.False(world.Readmit(backend));
        }

        Assert.Equal([10, 20, 30, 20, 10], lengths);
    }

    [Fact]
    public void EjectedBackend_IsNeitherAliveNorAvailable_AndProbesThatFailTakeOver()
    {
        var world = World(2);
        var backend = All(world)[0];
        world.Eject(backend, couldNotConnect: false);
        Assert.Equal(1, world.Current.Alive);
        Assert.False(world.Current.DefaultPool[backend].IsAvailable);

        world.SetUp(backend, up: false);
        world.SetUp(backend, up: true);

        Assert.True(world.Current.DefaultPool[backend].IsAvailable);
    }

    [Fact]
    public void DrainedBackend_IsAliveAndServesItsSessions_AndADisabledOneDoesNot()
    {
        var world = World(2);
        var backend = All(world)[0];

        Assert.True(world.SetMode(backend, BackendMode.Draining));
        Assert.False(world.SetMode(backend, BackendMode.Draining));
        var status = world.Current.DefaultPool[backend];
        Assert.Equal((true, false, true), (status.IsAlive, status.IsAvailable, status.ServesSessions));

        world.SetMode(backend, BackendMode.Disabled);
        Assert.False(world.Current.DefaultPool[backend].ServesSessions);
    }

    [Fact]
    public void NoneUsable_TriesAllButTheDrainedAndThoseWithAnOpenCircuit()
    {
        var world = World(4);
        world.SetUp(All(world)[0], up: false);
        world.SetUp(All(world)[3], up: false);
        world.SetMode(All(world)[1], BackendMode.Draining);
        world.SetCircuit(All(world)[2], open: true);

        Assert.Equal([All(world)[0], All(world)[3]], world.Current.DefaultPool.Candidates);
    }

    [Fact]
    public void SlowStart_BeginsWithATenth_AndEndsAfterItsWindow()
    {
        var world = World(3, slowStart: 100);
        world.BeginServing();
        var backend = All(world)[1];
        world.SetUp(backend, up: false);
        world.SetUp(backend, up: true);

        var steps = new List<int>();
        for (var second = 0; second <= 100; second += 10)
        {
            world.Advance();
            steps.Add(world.Current.DefaultPool[backend].Steps);
            _clock.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.Equal([1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], steps);
        Assert.Null(world.Current.DefaultPool[backend].RisingSince);
        Assert.Equal([10, 10, 10], world.Current.DefaultPool.Shares);
    }

    [Fact]
    public void SlowStart_BeginsAnewForABackendThatFlaps()
    {
        var world = World(3, slowStart: 100);
        world.BeginServing();
        var backend = All(world)[1];
        world.SetUp(backend, up: false);
        world.SetUp(backend, up: true);
        _clock.Advance(TimeSpan.FromSeconds(50));
        world.Advance();
        Assert.Equal(5, world.Current.DefaultPool[backend].Steps);

        world.SetMode(backend, BackendMode.Draining);
        world.SetMode(backend, BackendMode.Enabled);

        Assert.Equal(1, world.Current.DefaultPool[backend].Steps);
    }

    [Theory]
    [InlineData(false, 3)] // the start of the process
    [InlineData(true, 1)] // nobody else could take the rest
    public void SlowStart_IsNotForAStartNorForALoneBackend(bool isServing, int backends)
    {
        var world = World(backends, slowStart: 100);
        if (isServing)
        {
            world.BeginServing();
        }

        world.SetUp(All(world)[0], up: false);
        world.SetUp(All(world)[0], up: true);

        Assert.Equal(10, world.Current.DefaultPool[All(world)[0]].Steps);
    }

    [Fact]
    public void Change_IsTold_AndNoChangeIsNot()
    {
        var world = World(2);
        var told = 0;
        world.Changed += () => told++;

        world.SetWeight(All(world)[0], 3);
        world.SetWeight(All(world)[0], 3);
        world.SetUp(All(world)[0], up: true);

        Assert.Equal(1, told);
        Assert.Equal([30, 10], world.Current.DefaultPool.Shares);
    }

    private static Backend[] All(World world) => world.Current.DefaultPool.All;

    private World World(int backends, int slowStart = 0) => Sample.World(
        new RoundRobinStrategy(),
        Sample.PoolOptions(
            [.. Enumerable.Range(0, backends).Select(i => Sample.BackendOptions($"http://127.0.0.1:{9001 + i}"))]) with
        {
            SlowStart = TimeSpan.FromSeconds(slowStart),
        },
        _clock);
}
