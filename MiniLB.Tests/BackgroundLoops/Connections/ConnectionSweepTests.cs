using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Logging.Abstractions;
using MiniLB.BackgroundLoops.Connections;
using MiniLB.Config.Options;
using MiniLB.State;
using MiniLB.Transport;

namespace MiniLB.Tests.BackgroundLoops.Connections;

public sealed class ConnectionSweepTests : IDisposable
{
    private static readonly ClientTimeoutOptions Timeouts =
        new() { Read = TimeSpan.FromSeconds(10), Write = TimeSpan.FromSeconds(20) };

    private readonly ClientConnections _connections = new();
    private readonly List<Socket> _sockets = [];
    private readonly long _now = Environment.TickCount64;

    public void Dispose() => _sockets.ForEach(s => s.Dispose());

    [Fact]
    public void ConnectionWithoutARequest_IsClosed_TwoSecondsAfterTheReadTimeout()
    {
        var (_, context) = Connect();
        var sweep = Sweep(Timeouts);

        sweep.Beat(_now + 12_000);
        Assert.False(context.IsAborted);

        sweep.Beat(_now + 12_001);
        Assert.True(context.IsAborted);
    }

    [Fact]
    public void ConnectionWithARequest_IsNotSilent()
    {
        var (connection, context) = Connect();
        connection.BeginRequest();

        Sweep(Timeouts).Beat(_now + 1_000_000);

        Assert.False(context.IsAborted);
    }

    [Fact]
    public void ReadTimeoutOfZero_ClosesNobody()
    {
        var (_, context) = Connect();

        Sweep(Timeouts with { Read = TimeSpan.Zero }).Beat(_now + 1_000_000_000);

        Assert.False(context.IsAborted);
    }

    [Fact]
    public void ClientThatTakesNothingOfItsAnswer_IsClosedAfterTheWriteTimeout()
    {
        var (connection, context, server) = ConnectSocket();
        connection.BeginRequest();
        Fill(server);
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
        var (connection, context, server) = ConnectSocket();
        connection.BeginRequest();
        Fill(server);
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
        var (connection, context, _) = ConnectSocket();
        connection.BeginRequest();
        var sweep = Sweep(Timeouts);

        sweep.Beat(_now);
        sweep.Beat(_now + 1_000_000);

        Assert.False(context.IsAborted);
    }

    [Fact]
    public void WriteTimeoutOfZero_ClosesNobody()
    {
        var (connection, context, server) = ConnectSocket();
        connection.BeginRequest();
        Fill(server);
        var sweep = Sweep(Timeouts with { Write = TimeSpan.Zero });

        sweep.Beat(_now);
        sweep.Beat(_now + 1_000_000_000);

        Assert.False(context.IsAborted);
    }

    [Fact]
    public void AnswerLeftBehindByAFinishedRequest_IsWatchedToo()
    {
        var (connection, context, server) = ConnectSocket();
        connection.BeginRequest();
        Fill(server);
        connection.EndRequest();
        var sweep = Sweep(Timeouts);

        sweep.Beat(_now + 1_000);
        sweep.Beat(_now + 21_000);

        Assert.True(context.IsAborted);
    }

    private ConnectionSweep Sweep(ClientTimeoutOptions timeouts) =>
        new(_connections, timeouts, SendQueue.Untaken, new FakeTimeProvider(), NullLogger<ConnectionSweep>.Instance);

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

    private (ClientConnection Connection, Context Context, Socket Server) ConnectSocket()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(listener.LocalEndPoint!);
        var server = listener.Accept();
        _sockets.AddRange([client, server]);
        var (connection, context) = Connect(server);
        return (connection, context, server);
    }

    /// <summary>Sends until neither the peer's window nor our queue takes more.</summary>
    private static void Fill(Socket server)
    {
        server.Blocking = false;
        SocketError error;
        do
        {
            server.Send(new byte[64 * 1024], SocketFlags.None, out error);
        }
        while (error == SocketError.Success);
    }

    private sealed class Context : DefaultConnectionContext
    {
        public bool IsAborted { get; private set; }

        public override void Abort(ConnectionAbortedException abortReason) => IsAborted = true;
    }

    private sealed class SocketFeature(Socket socket) : IConnectionSocketFeature
    {
        public Socket Socket { get; } = socket;
    }
}
