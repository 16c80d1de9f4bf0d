using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Logging.Abstractions;
using MiniLB.BackgroundLoops.Connections;
using MiniLB.Config.Options;
using MiniLB.State;

namespace MiniLB.Tests.BackgroundLoops.Connections;

public sealed class ConnectionSweepTests : IDisposable
{
    private static readonly ClientTimeoutOptions Timeouts =
        new() { Read = TimeSpan.FromSeconds(10), Write = TimeSpan.FromSeconds(20) };

    private readonly ClientConnections _connections = new();
    private readonly List<Socket> _sockets = [];
    private readonly long _now = Environment.TickCount64;

    // A real send queue goes on shrinking for a moment after the peer's window is full.
    private int _untaken;

    public void Dispose() => _sockets.ForEach(s => s.Dispose());

    [Theory]
    [InlineData(ClientPhase.Introducing, 5)]
    [InlineData(ClientPhase.Opened, 10)]
    [InlineData(ClientPhase.Reading, 10)]
    [InlineData(ClientPhase.Idle, 60)]
    [InlineData(ClientPhase.Lingering, 2)]
    public void Phase_IsEnded_WhenItsTimeIsOver(object phase, int seconds)
    {
        var (connection, _) = Connect();
        connection.Enter((ClientPhase)phase);
        var sweep = Sweep(Timeouts);

        sweep.Beat(connection.PhaseSince + (seconds * 1000) - 1);
        Assert.False(connection.HasTimedOut);

        sweep.Beat(connection.PhaseSince + (seconds * 1000));
        Assert.True(connection.HasTimedOut);
    }

    [Fact]
    public void SweepAfterTheProcessStoodStill_EndsNobody_UntilTheNext()
    {
        var (connection, _) = Connect();
        connection.Enter(ClientPhase.Reading);
        var (sweep, start) = (Sweep(Timeouts), connection.PhaseSince);
        sweep.BeatUnlessLate(start + 1000);

        sweep.BeatUnlessLate(start + 31_000);
        Assert.False(connection.HasTimedOut);

        sweep.BeatUnlessLate(start + 32_000);
        Assert.True(connection.HasTimedOut);
    }

    [Fact]
    public void Phase_WithoutATimeLimit_LastsForEver()
    {
        var (connection, _) = Connect();
        connection.Enter(ClientPhase.Serving);

        Sweep(Timeouts).Beat(_now + 1_000_000_000);

        Assert.False(connection.HasTimedOut);
    }

    [Fact]
    public void ReadTimeoutOfZero_EndsNobody()
    {
        var (connection, _) = Connect();

        Sweep(Timeouts with { Read = TimeSpan.Zero }).Beat(_now + 1_000_000_000);

        Assert.False(connection.HasTimedOut);
    }

    [Fact]
    public void KeptBackendConnections_AreSweptToo()
    {
        var swept = new List<long>();
        var sweep = new ConnectionSweep(_connections, () => Timeouts, _ => _untaken, swept.Add, new FakeTimeProvider(),
            NullLogger<ConnectionSweep>.Instance);

        sweep.Beat(_now + 7);

        Assert.Equal([_now + 7], swept);
    }

    [Fact]
    public void ClientThatTakesNothingOfItsAnswer_IsClosedAfterTheWriteTimeout()
    {
        var (connection, context) = ConnectSocket();
        connection.BeginRequest();
        _untaken = 4096;
        var sweep = Sweep(Timeouts);

        sweep.Beat(_now + 1_000);
        sweep.Beat(_now + 20_999);
        Assert.False(context.IsAborted);

        sweep.Beat(_now + 21_000);
        Assert.True(context.IsAborted);
    }

    [Fact]
    public void ClientThatTakesSomething_IsGivenTheWholeTimeAgain()
    {
        var (connection, context) = ConnectSocket();
        connection.BeginRequest();
        _untaken = 4096;
        var sweep = Sweep(Timeouts);
        sweep.Beat(_now);

        connection.CountAnswered(1);
        sweep.Beat(_now + 19_000);
        sweep.Beat(_now + 38_999);
        Assert.False(context.IsAborted);

        sweep.Beat(_now + 39_000);
        Assert.True(context.IsAborted);
    }

    [Fact]
    public void ClientThatHasTakenEverything_IsNotStalled()
    {
        var (connection, context) = ConnectSocket();
        connection.BeginRequest();
        var sweep = Sweep(Timeouts);

        sweep.Beat(_now);
        sweep.Beat(_now + 1_000_000);

        Assert.False(context.IsAborted);
    }

    [Fact]
    public void WriteTimeoutOfZero_ClosesNobody()
    {
        var (connection, context) = ConnectSocket();
        connection.BeginRequest();
        _untaken = 4096;
        var sweep = Sweep(Timeouts with { Write = TimeSpan.Zero });

        sweep.Beat(_now);
        sweep.Beat(_now + 1_000_000_000);

        Assert.False(context.IsAborted);
    }

    [Fact]
    public void AnswerLeftBehindByAFinishedRequest_IsWatchedToo()
    {
        var (connection, context) = ConnectSocket();
        connection.BeginRequest();
        _untaken = 4096;
        connection.EndRequest();
        connection.Enter(ClientPhase.Idle);
        var sweep = Sweep(Timeouts);

        sweep.Beat(_now + 1_000);
        sweep.Beat(_now + 21_000);

        Assert.True(context.IsAborted);
    }

    private ConnectionSweep Sweep(ClientTimeoutOptions timeouts) =>
        new(_connections, () => timeouts, _ => _untaken, _ => { }, new FakeTimeProvider(),
            NullLogger<ConnectionSweep>.Instance);

    private (ClientConnection Connection, Context Context) Connect(Socket? socket = null)
    {
        var context = new Context();
        if (socket is not null)
        {
            context.Features.Set<IConnectionSocketFeature>(new SocketFeature(socket));
        }

        var connection = new ClientConnection(context, isAdmin: false, _now);
        _connections.Add(connection);
        return (connection, context);
    }

    private (ClientConnection Connection, Context Context) ConnectSocket()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _sockets.Add(socket);
        return Connect(socket);
    }

    private sealed class Context : DefaultConnectionContext
    {
        private readonly Pipe _input = new();

        public Context() => Transport = new Duplex(_input.Reader, _input.Writer);

        public bool IsAborted { get; private set; }

        public override void Abort(ConnectionAbortedException abortReason) => IsAborted = true;
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    private sealed class SocketFeature(Socket socket) : IConnectionSocketFeature
    {
        public Socket Socket { get; } = socket;
    }
}
