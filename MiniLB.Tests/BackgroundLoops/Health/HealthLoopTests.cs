using Microsoft.Extensions.Logging.Abstractions;
using MiniLB.BackgroundLoops.Health;
using MiniLB.Config.Options;
using MiniLB.State;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.BackgroundLoops.Health;

public sealed class HealthLoopTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private static readonly HealthCheckOptions Check = new() { Jitter = 0 };

    private readonly FakeTimeProvider _clock = new();
    private readonly ProbedServer _server = new();
    private readonly CancellationTokenSource _stop = new();

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
        _server.Dispose();
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(404, true)]
    [InlineData(500, false)]
    public async Task FirstSweep_DecidesByItsSingleResult(int status, bool up)
    {
        _server.Status = status;
        var world = WorldOf(Check, _server.Url);
        using var loop = Loop(world);

        await loop.FirstSweepAsync(_stop.Token).WaitAsync(Deadline);

        Assert.Equal(up ? 1 : 0, world.Current.Alive);
    }

    [Fact]
    public async Task Backend_GoesDownAfterFallFailures_AndUpAfterRisePasses()
    {
        var world = WorldOf(Check, _server.Url);
        using var loop = Loop(world);
        await loop.FirstSweepAsync(_stop.Token).WaitAsync(Deadline);

        Assert.Equal("110", await AliveAfterEachProbe(3, status: 503));
        Assert.Equal("01", await AliveAfterEachProbe(2, status: 200));

        async Task<string> AliveAfterEachProbe(int probes, int status)
        {
            _server.Status = status;
            var alive = "";
            for (var i = 0; i < probes; i++)
            {
                _clock.Advance(Interval);
                await Task.WhenAll(loop.Beat(_stop.Token).Select(p => p.Task)).WaitAsync(Deadline);
                alive += world.Current.Alive;
            }

            return alive;
        }
    }

    [Fact]
    public async Task Beat_BeforeTheIntervalHasPassed_ProbesNobody()
    {
        using var loop = Loop(WorldOf(Check, _server.Url));
        await loop.FirstSweepAsync(_stop.Token).WaitAsync(Deadline);

        _clock.Advance(Interval - TimeSpan.FromTicks(1));
        Assert.Empty(loop.Beat(_stop.Token));

        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.Single(loop.Beat(_stop.Token));
    }

    [Fact]
    public async Task Probes_OfOneBackend_NeverOverlap()
    {
        _server.Hangs = true;
        var check = Check with { Timeout = TimeSpan.FromMinutes(1), Interval = TimeSpan.FromSeconds(1) };
        using var loop = Loop(WorldOf(check, _server.Url));

        var first = Assert.Single(loop.Beat(_stop.Token)).Task;
        await Eventually.True(() => _server.Requests == 1, "the first probe");
        _clock.Advance(TimeSpan.FromSeconds(50));
        Assert.Empty(loop.Beat(_stop.Token));

        _clock.Advance(TimeSpan.FromSeconds(11));
        await first.WaitAsync(Deadline);
        Assert.Single(loop.Beat(_stop.Token));
        Assert.Equal(1, _server.MostAtOnce);
    }

    [Fact]
    public async Task ProbeFromBeforeAnEjection_DoesNotEndIt_AndTheNextOneDoes()
    {
        using var other = new ProbedServer();
        var world = WorldOf(Check with { Initial = InitialHealth.Up }, _server.Url, other.Url);
        using var loop = Loop(world);
        var backend = world.Current.DefaultPool.All[0];

        var probes = loop.Beat(_stop.Token);
        world.Eject(backend, couldNotConnect: true);
        await Task.WhenAll(probes.Select(p => p.Task)).WaitAsync(Deadline);
        Assert.NotNull(world.Current.DefaultPool[backend].Ejection);

        _clock.Advance(Check.FastInterval);
        await Assert.Single(loop.Beat(_stop.Token)).Task.WaitAsync(Deadline);
        Assert.Null(world.Current.DefaultPool[backend].Ejection);
    }

    [Fact]
    public async Task HangingBackend_DelaysNoOther_AndIsDownAfterTheTimeout()
    {
        _server.Hangs = true;
        using var healthy = new ProbedServer();
        var world = WorldOf(Check, _server.Url, healthy.Url);
        using var loop = Loop(world);

        var sweep = loop.FirstSweepAsync(_stop.Token);
        await Eventually.True(() => world.Current.Alive == 1, "the healthy backend is up");
        Assert.False(sweep.IsCompleted);
        _clock.Advance(Interval);
        Assert.Single(loop.Beat(_stop.Token));

        await sweep.WaitAsync(Deadline);
        Assert.Equal([healthy.Url], world.Current.DefaultPool.Available.Select(b => b.Url));
    }

    [Fact]
    public async Task FirstSweep_WaitsForNobody_WhoseStateIsGiven()
    {
        _server.Hangs = true;
        var world = WorldOf(Check with { Initial = InitialHealth.Up }, _server.Url);
        using var loop = Loop(world);

        await loop.FirstSweepAsync(_stop.Token).WaitAsync(Deadline);

        Assert.Equal(1, world.Current.Alive);
    }

    [Fact]
    public async Task Run_ProbesByTheClock_AndEndsWithItsToken()
    {
        _server.Status = 500;
        var world = WorldOf(Check, _server.Url);
        using var loop = Loop(world);
        await loop.FirstSweepAsync(_stop.Token).WaitAsync(Deadline);
        var run = loop.RunAsync(_stop.Token);

        _server.Status = 200;
        await Eventually.True(() =>
        {
            _clock.Advance(TimeSpan.FromMilliseconds(250));
            return world.Current.Alive == 1;
        }, "the backend is up");

        await _stop.CancelAsync();
        await run.WaitAsync(Deadline);
    }

    [Fact]
    public async Task WallClock_SetBackAnHour_DoesNotStopTheProbing()
    {
        using var loop = Loop(WorldOf(Check, _server.Url));
        await loop.FirstSweepAsync(_stop.Token).WaitAsync(Deadline);

        _clock.StepWallClock(TimeSpan.FromHours(-1));
        _clock.Advance(Interval);

        Assert.Single(loop.Beat(_stop.Token));
    }

    [Fact]
    public async Task ProcessThatStoodStill_HoldsNothingAgainstABackend()
    {
        var world = WorldOf(Check with { Fall = 1 }, _server.Url);
        using var loop = Loop(world);
        await loop.FirstSweepAsync(_stop.Token).WaitAsync(Deadline);
        _server.Hangs = true;

        _clock.Advance(Interval);
        var probe = Assert.Single(loop.Beat(_stop.Token)).Task;
        await StandStillAsync();
        await probe.WaitAsync(Deadline);
        Assert.Equal(1, world.Current.Alive);

        _clock.Advance(Interval);
        probe = Assert.Single(loop.Beat(_stop.Token)).Task;
        _clock.Advance(Check.Timeout);
        await probe.WaitAsync(Deadline);
        Assert.Equal(0, world.Current.Alive);

        // The clock has moved on before any timer is served, as after SIGCONT.
        async Task StandStillAsync()
        {
            _clock.Skip(TimeSpan.FromSeconds(30));
            await Task.Yield();
            _clock.Advance(TimeSpan.Zero);
        }
    }

    [Theory]
    [InlineData(-24)]
    [InlineData(24)]
    public async Task WallClock_SetByHours_ProbesNobodyBeforeItsTime(int hours)
    {
        using var loop = Loop(WorldOf(Check, _server.Url));
        await loop.FirstSweepAsync(_stop.Token).WaitAsync(Deadline);

        _clock.StepWallClock(TimeSpan.FromHours(hours));

        Assert.Empty(loop.Beat(_stop.Token));
    }

    [Fact]
    public async Task Pool_WithProbesOff_IsNotProbed()
    {
        using var loop = Loop(WorldOf(Check with { Enabled = false }, _server.Url));

        await loop.FirstSweepAsync(_stop.Token).WaitAsync(Deadline);
        Assert.Empty(loop.Beat(_stop.Token));
        Assert.Equal(0, _server.Requests);
    }

    private static World WorldOf(HealthCheckOptions check, params string[] urls) => new(new BalancerOptions
    {
        Pools = [Sample.PoolOptions([.. urls.Select(u => Sample.BackendOptions(u))]) with { HealthCheck = check }],
    });

    private HealthLoop Loop(World world) => new(world, _clock, NullLogger<HealthLoop>.Instance);
}
