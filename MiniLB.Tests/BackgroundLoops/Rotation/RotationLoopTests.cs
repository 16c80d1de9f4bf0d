using System.Net;
using System.Net.Sockets;
using MiniLB.BackgroundLoops.Rotation;
using MiniLB.Config.Options;
using MiniLB.RequestPath.Balance;
using MiniLB.State;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.BackgroundLoops.Rotation;

public sealed class RotationLoopTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _clock = new();
    private readonly RecordedLog<RotationLoop> _logger = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private World _world = null!;
    private RotationLoop _loop = null!;

    public RotationLoopTests() => _listener.Start();

    private Backend First => _world.Current.DefaultPool.All[0];

    private BackendStatus Status => _world.Current.DefaultPool[First];

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
        _listener.Dispose();
    }

    [Fact]
    public void Ejected_ProbesOff_ComesBackOnceItsTimeIsOver()
    {
        Loop(probes: false);
        _world.Eject(First, couldNotConnect: false);

        BeatAfter(TimeSpan.FromSeconds(9.9));
        Assert.NotNull(Status.Ejection);

        BeatAfter(TimeSpan.FromSeconds(0.1));
        Assert.Null(Status.Ejection);
        Assert.Equal($"Information backend {First.Url} is back in rotation: its time is over", Assert.Single(_logger.Lines));
    }

    [Fact]
    public void Ejected_ProbesOn_IsLeftToThem()
    {
        Loop(probes: true);
        _world.Eject(First, couldNotConnect: false);

        BeatAfter(TimeSpan.FromHours(1));

        Assert.NotNull(Status.Ejection);
    }

    [Fact]
    public async Task EjectedForItsConnections_ProbesOff_ComesBackEarlyByOneThatCanBeMade()
    {
        Loop(probes: false);
        _world.Eject(First, couldNotConnect: true);

        BeatAfter(TimeSpan.Zero);

        await Eventually.True(() => Status.Ejection is null, "it is back");
        Assert.Equal(
            $"Information backend {First.Url} is back in rotation: it takes connections again", Assert.Single(_logger.Lines));
    }

    [Fact]
    public async Task EjectedForItsConnections_IsKnockedAt_OncePerFastInterval()
    {
        using var closed = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        closed.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // connections are refused until it listens
        Loop(probes: false, url: $"http://{closed.LocalEndPoint}");
        _world.Eject(First, couldNotConnect: true);
        BeatAfter(TimeSpan.Zero);
        closed.Listen();
        for (var i = 0; i < 9; i++)
        {
            BeatAfter(TimeSpan.FromMilliseconds(100));
        }

        Assert.False(closed.Poll(TimeSpan.Zero, SelectMode.SelectRead));
        Assert.NotNull(Status.Ejection);

        await Eventually.True(
            () =>
            {
                BeatAfter(TimeSpan.FromMilliseconds(100));
                return Status.Ejection is null;
            },
            "it is back");
        using var knock = await closed.AcceptAsync();
        Assert.False(closed.Poll(TimeSpan.Zero, SelectMode.SelectRead));
    }

    [Fact]
    public async Task Knocks_ThatHang_NeverOverlap()
    {
        using var full = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        full.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        full.Listen(0);
        var port = ((IPEndPoint)full.LocalEndPoint!).Port;
        using var first = new TcpClient();
        await first.ConnectAsync(IPAddress.Loopback, port);
        Loop(probes: false, url: $"http://127.0.0.1:{port}");
        _world.Eject(First, couldNotConnect: true);

        for (var i = 0; i < 5; i++)
        {
            BeatAfter(TimeSpan.FromSeconds(1.5));
        }

        Assert.Equal(1, ConnectionsBeingMade(port));
    }

    [Fact]
    public void EjectedForItsAnswers_IsNotKnockedAt()
    {
        Loop(probes: false);
        _world.Eject(First, couldNotConnect: false);

        for (var i = 0; i < 90; i++)
        {
            BeatAfter(TimeSpan.FromMilliseconds(100));
        }

        Assert.NotNull(Status.Ejection);
        Assert.False(_listener.Pending());
    }

    [Fact]
    public void OpenCircuit_IsTried_OnceItsTimeIsOver()
    {
        Loop(probes: false);
        Sample.OpenCircuit(_world, First);

        BeatAfter(TimeSpan.FromSeconds(9.9));
        Assert.True(Status.IsCircuitOpen);

        BeatAfter(TimeSpan.FromSeconds(0.1));
        Assert.False(Status.IsCircuitOpen);
        Assert.Equal(CircuitState.HalfOpen, First.Circuit!.State);
        Assert.Equal(
            $"Information backend {First.Url}: its circuit is tried with a few requests", Assert.Single(_logger.Lines));
    }

    [Fact]
    public void Rising_IsRaisedWithEachBeat()
    {
        Loop(probes: false);
        _world.BeginServing();
        _world.SetUp(First, up: false);
        _world.SetUp(First, up: true);
        Assert.Equal(1, Status.Steps);

        BeatAfter(TimeSpan.FromSeconds(50));
        Assert.Equal(5, Status.Steps);

        BeatAfter(TimeSpan.FromSeconds(50));
        Assert.Equal(10, Status.Steps);
    }

    [Fact]
    public void BeatThatBreaks_BreaksForOneBackendOnly()
    {
        var breaks = false;
        Loop(probes: false, path: new BreakingPath(pool => breaks && pool[pool.All[0]].Steps > 1));
        _world.BeginServing();
        foreach (var backend in _world.Current.DefaultPool.All[..2])
        {
            _world.SetUp(backend, up: false);
            _world.SetUp(backend, up: true);
        }

        breaks = true;
        BeatAfter(TimeSpan.FromSeconds(50));

        Assert.Equal(1, Status.Steps);
        Assert.Equal(5, _world.Current.DefaultPool[_world.Current.DefaultPool.All[1]].Steps);
        Assert.Contains("could not be looked after", Assert.Single(_logger.Lines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Draining", 1)]
    [InlineData("Disabled", 1)]
    [InlineData("Enabled", 0)]
    public async Task QuietTunnel_OfABackendThatIsTakenOut_IsEnded(string mode, int ended)
    {
        Loop(probes: false);
        var ends = 0;
        using var tunnel = First.Tunnels.Add(() => Interlocked.Increment(ref ends));
        _world.SetMode(First, Enum.Parse<BackendMode>(mode));

        await Eventually.True(
            () =>
            {
                BeatAfter(TimeSpan.FromMilliseconds(100));
                return Volatile.Read(ref ends) > 0 || Environment.TickCount64 - tunnel.LastByteAt > 5_100;
            },
            "the tunnel has been quiet for five seconds");

        BeatAfter(TimeSpan.FromMilliseconds(100)); // the last one may have been just before that
        Assert.Equal(ended, Math.Min(1, ends));
    }

    [Fact]
    public async Task Run_FollowsTheClock_AndEndsWithItsToken()
    {
        Loop(probes: false);
        _world.Eject(First, couldNotConnect: false);
        var run = _loop.RunAsync(_stop.Token);

        await Eventually.True(
            () =>
            {
                _clock.Advance(TimeSpan.FromMilliseconds(100));
                return Status.Ejection is null;
            },
            "it is back");

        await _stop.CancelAsync();
        await run.WaitAsync(Deadline);
    }

    private sealed class BreakingPath(Func<PoolSnapshot, bool> breaks) : PoolPath
    {
        public override object? Plan(PoolSnapshot pool) =>
            breaks(pool) ? throw new InvalidOperationException("planted") : null;
    }

    /// <summary>Three backends; the first one where the listener is.</summary>
    private void Loop(bool probes, PoolPath? path = null, string? url = null)
    {
        url ??= $"http://{_listener.LocalEndpoint}";
        var options = Sample.PoolOptions(
            Sample.BackendOptions(url), Sample.BackendOptions("http://b"), Sample.BackendOptions("http://c")) with
        {
            SlowStart = TimeSpan.FromSeconds(100),
            HealthCheck = new HealthCheckOptions { Enabled = probes, Initial = InitialHealth.Up, Timeout = Deadline },
            CircuitBreaker = new CircuitBreakerOptions { Enabled = true, MinRequests = 1 },
        };
        _world = new World(new BalancerOptions { Pools = [options] }, _clock,
            (_, _, _) => path ?? new BalancedPath(new RoundRobinStrategy()));
        _loop = new RotationLoop(_world, _clock, _logger);
    }

    // As the system knows them: SYN_SENT towards the port.
    private static int ConnectionsBeingMade(int port) => File.ReadLines("/proc/net/tcp")
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Count(fields => fields[2].EndsWith($":{port:X4}", StringComparison.Ordinal) && fields[3] == "02");

    private void BeatAfter(TimeSpan time)
    {
        _clock.Advance(time);
        _loop.Beat(_stop.Token);
    }
}
