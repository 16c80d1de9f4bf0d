using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;
using MiniLB.BackgroundLoops.Connections;
using MiniLB.Config.Options;
using MiniLB.State;

namespace MiniLB.Tests.BackgroundLoops.Connections;

public sealed class ConnectionSweepTests
{
    private static readonly ClientTimeoutOptions Timeouts =
        new() { Read = TimeSpan.FromSeconds(10), Write = TimeSpan.FromSeconds(20) };

    private readonly ClientConnections _connections = new();
    private readonly long _now = Environment.TickCount64;

    // A real send queue goes on shrinking for a moment after the peer's window is full.
    private int _untaken;

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
        var sweep = new ConnectionSweep(_connections, () => Timeouts, swept.Add, new FakeTimeProvider(),
            NullLogger<ConnectionSweep>.Instance);

        sweep.Beat(_now + 7);

        Assert.Equal([_now + 7], swept);
    }

    [Fact]
    public void ClientThatTakesNothingOfItsAnswer_IsClosedAfterTheWriteTimeout()
    {
        var (connection, context) = Connect();
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
        var (connection, context) = Connect();
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
        var (connection, context) = Connect();
        connection.BeginRequest();
        var sweep = Sweep(Timeouts);

        sweep.Beat(_now);
        sweep.Beat(_now + 1_000_000);

        Assert.False(context.IsAborted);
    }

    [Fact]
    public void ClientThatTookEverythingMeanwhile_IsGivenTheWholeTimeAgain()
    {
        var (connection, context) = Connect();
        connection.BeginRequest();
        var sweep = Sweep(Timeouts);
        foreach (var (second, untaken) in new[] { (0, 4096), (10, 0), (11, 4096), (30, 4096) })
        {
            _untaken = untaken;
            sweep.Beat(_now + (second * 1000));
        }

        Assert.False(context.IsAborted);
        sweep.Beat(_now + 31_000);
        Assert.True(context.IsAborted);
    }

    [Fact]
    public void TimeWithoutAWriteTimeout_DoesNotCount()
    {
        var (connection, context) = Connect();
        connection.BeginRequest();
        _untaken = 4096;
        var timeouts = Timeouts;
        var sweep = new ConnectionSweep(_connections, () => timeouts, _ => { }, new FakeTimeProvider(),
            NullLogger<ConnectionSweep>.Instance);
        sweep.Beat(_now);
        timeouts = Timeouts with { Write = TimeSpan.Zero };
        sweep.Beat(_now + 10_000);
        timeouts = Timeouts;

        sweep.Beat(_now + 20_000);
        Assert.False(context.IsAborted);
        sweep.Beat(_now + 40_000);
        Assert.True(context.IsAborted);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ConnectionThatIsQuietForLong_IsLookedAtOnlyWhereItHasLeftSomething(bool hasLeft)
    {
        var (connection, context) = Connect();
        connection.Enter(ClientPhase.Serving);
        _untaken = hasLeft ? 4096 : 0;
        var sweep = Sweep(Timeouts);
        sweep.Beat(_now + 39_000);
        _untaken = 4096;

        sweep.Beat(_now + 60_000);
        sweep.Beat(_now + 90_000);

        Assert.Equal(hasLeft, context.IsAborted);
    }

    [Fact]
    public void WriteTimeoutOfZero_ClosesNobody()
    {
        var (connection, context) = Connect();
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
        var (connection, context) = Connect();
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
        new(_connections, () => timeouts, _ => { }, new FakeTimeProvider(),
            NullLogger<ConnectionSweep>.Instance);

    private (ClientConnection Connection, Context Context) Connect()
    {
        var context = new Context();
        var connection = new ClientConnection(context, isAdmin: false, _now, sockets: new Sockets(() => _untaken));
        _connections.Add(connection);
        return (connection, context);
    }

    private sealed class Context : DefaultConnectionContext
    {
        private readonly Pipe _input = new();

        public Context() => Transport = new Duplex(_input.Reader, _input.Writer);

        public bool IsAborted { get; private set; }

        public override void Abort(ConnectionAbortedException abortReason) => IsAborted = true;
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    private sealed class Sockets(Func<int> untaken) : IClientSockets
    {
        public int UntakenBytes(ConnectionContext connection) => untaken();

        public void EndOutput(ConnectionContext connection)
        {
            // Nobody looks.
        }

        public void WhenClosed(ConnectionContext connection, Action<object> callback, object state)
        {
            // Nobody looks.
        }
    }
}
