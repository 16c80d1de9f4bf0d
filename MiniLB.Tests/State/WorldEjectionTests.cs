using MiniLB.Config.Options;
using MiniLB.RequestPath.Balance;
using MiniLB.State;

namespace MiniLB.Tests.State;

/// <summary>Who is ejected, for how long, and who comes back.</summary>
public sealed class WorldEjectionTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void Ejections_LastLongerEachTime_UpToTheMost()
    {
        var world = WorldOf(2);
        var backend = world.Current.DefaultPool.All[0];

        var lengths = Enumerable.Range(0, 40).Select(_ => EjectAndReadmit(world, backend)).ToArray();

        Assert.Equal(Enumerable.Range(1, 40).Select(i => Math.Min(300, i * 10.0)), lengths);
    }

    [Fact]
    public void Ejection_IsForgiven_ForEachBaseTimeBackInRotation()
    {
        var world = WorldOf(2);
        var backend = world.Current.DefaultPool.All[0];
        Assert.Equal([10, 20, 30], Enumerable.Range(0, 3).Select(_ => EjectAndReadmit(world, backend)));

        _clock.Advance(TimeSpan.FromSeconds(25));
        Assert.Equal(20, EjectAndReadmit(world, backend));

        _clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(10, EjectAndReadmit(world, backend));
    }

    [Fact]
    public void TimeOutOfRotation_ForgivesNothing()
    {
        var world = WorldOf(2);
        var backend = world.Current.DefaultPool.All[0];
        world.Eject(backend, couldNotConnect: false);
        _clock.Advance(TimeSpan.FromHours(1));
        Readmit(world, backend);

        Assert.Equal(20, world.Eject(backend, couldNotConnect: false)!.Value.TotalSeconds);
    }

    [Fact]
    public void Ejected_IsOutOfRotation_AndNotAlive_UntilReadmitted()
    {
        var world = WorldOf(3);
        var backend = world.Current.DefaultPool.All[1];

        world.Eject(backend, couldNotConnect: true);

        var pool = world.Current.DefaultPool;
        Assert.DoesNotContain(backend, pool.Candidates);
        Assert.Equal((2, 1), (pool.Alive, pool.Ejected));
        Assert.Equal(new Ejection(TimeSpan.FromSeconds(10), true), pool[backend].Ejection);

        Assert.True(Readmit(world, backend));
        Assert.Equal(pool.All, world.Current.DefaultPool.Candidates);
        Assert.False(world.Readmit(backend, new Ejection(TimeSpan.FromSeconds(10), true)));
    }

    [Fact]
    public void Ejection_OfWhoIsOutAlready_ChangesNothing()
    {
        var world = WorldOf(4);
        var all = world.Current.DefaultPool.All;
        world.SetUp(all[0], up: false);
        world.SetMode(all[1], BackendMode.Draining);
        world.Eject(all[2], couldNotConnect: false);
        var before = world.Current;

        Assert.All(all[..3], b => Assert.Null(world.Eject(b, couldNotConnect: false)));
        Assert.Same(before, world.Current);
    }

    [Fact]
    public void Readmission_OfAnOlderEjection_LeavesTheNewerOne()
    {
        var world = WorldOf(2);
        var backend = world.Current.DefaultPool.All[0];
        world.Eject(backend, couldNotConnect: true);
        var older = world.Current.DefaultPool[backend].Ejection!;
        Readmit(world, backend);
        world.Eject(backend, couldNotConnect: false);

        Assert.False(world.Readmit(backend, older));
        Assert.NotNull(world.Current.DefaultPool[backend].Ejection);
    }

    // What the probes find is news of today: from there on they decide alone.
    [Fact]
    public void Ejected_WhoseProbeFailsToo_ComesBackWithTheProbes()
    {
        var world = WorldOf(2);
        var backend = world.Current.DefaultPool.All[0];
        world.Eject(backend, couldNotConnect: false);

        world.SetUp(backend, up: false);
        world.SetUp(backend, up: true);

        Assert.Contains(backend, world.Current.DefaultPool.Available);
    }

    [Theory]
    [InlineData("readmitted")]
    [InlineData("up")]
    [InlineData("enabled")]
    public void Failures_FromBeforeABackendWasAway_DoNotCountWhenItIsBack(string way)
    {
        var world = WorldOf(2);
        var backend = world.Current.DefaultPool.All[0];
        Assert.Equal(4, Enumerable.Range(0, 4).Max(_ => backend.CountInARow(failed: true)));

        switch (way)
        {
            case "readmitted":
                EjectAndReadmit(world, backend);
                break;
            case "up":
                world.SetUp(backend, up: false);
                world.SetUp(backend, up: true);
                break;
            default:
                world.SetMode(backend, BackendMode.Disabled);
                world.SetMode(backend, BackendMode.Enabled);
                break;
        }

        Assert.Equal(1, backend.CountInARow(failed: true));
    }

    [Fact]
    public void ManyThreads_ThatEjectAtOnce_KeepHalfOfThePool()
    {
        for (var round = 0; round < 50; round++)
        {
            var world = WorldOf(16);
            var ejected = 0;

            Parallel.ForEach(world.Current.DefaultPool.All, new ParallelOptions { MaxDegreeOfParallelism = 16 }, b =>
            {
                if (world.Eject(b, couldNotConnect: false) is not null)
                {
                    Interlocked.Increment(ref ejected);
                }
            });

            Assert.Equal((8, 8), (ejected, world.Current.DefaultPool.Available.Length));
        }
    }

    [Fact]
    public void LastPrimary_IsEjected_WhereABackupCanTakeOver()
    {
        var world = Sample.World(new RoundRobinStrategy(), Sample.PoolOptions(
            Sample.BackendOptions("http://a"), Sample.BackendOptions("http://b") with { IsBackup = true }), _clock);
        var all = world.Current.DefaultPool.All;

        Assert.NotNull(world.Eject(all[0], couldNotConnect: false));

        Assert.Equal([all[1]], world.Current.DefaultPool.Candidates);
        Assert.Null(world.Eject(all[1], couldNotConnect: false));
    }

    [Fact]
    public void Circuit_IsFollowedWhereItStands_HoweverLate()
    {
        var options = Sample.PoolOptions(Sample.BackendOptions("http://a"), Sample.BackendOptions("http://b")) with
        {
            CircuitBreaker = new CircuitBreakerOptions { Enabled = true, MinRequests = 1 },
        };
        var world = Sample.World(new RoundRobinStrategy(), options, _clock);
        var backend = world.Current.DefaultPool.All[0];
        Sample.OpenCircuit(world, backend);
        Assert.DoesNotContain(backend, world.Current.DefaultPool.Candidates);

        // It becomes half-open, and a trial opens it anew before the first change is followed.
        _clock.Advance(options.CircuitBreaker.OpenFor);
        Assert.True(backend.Circuit!.TryHalfOpen());
        Assert.Equal(CircuitChange.Opened, backend.Circuit.End(Verdict.Failure, backend.Circuit.Stage));
        Assert.False(world.FollowCircuit(backend));
        Assert.False(world.FollowCircuit(backend));

        Assert.True(world.Current.DefaultPool[backend].IsCircuitOpen);
    }

    private World WorldOf(int backends) => Sample.World(
        new RoundRobinStrategy(),
        Sample.PoolOptions([.. Enumerable.Range(0, backends).Select(i => Sample.BackendOptions($"http://b{i}"))]),
        _clock);

    private static double EjectAndReadmit(World world, Backend backend)
    {
        var length = world.Eject(backend, couldNotConnect: false)!.Value;
        Readmit(world, backend);
        return length.TotalSeconds;
    }

    private static bool Readmit(World world, Backend backend) =>
        world.Readmit(backend, world.Current.DefaultPool[backend].Ejection!);
}
