using System.Net;
using System.Net.Sockets;
using MiniLB.Tests.Journeys.Exchanges.Table;

namespace MiniLB.Tests.Journeys.Exchanges.Running;

/// <summary>A backend that plays the scripts of one row after the other and keeps all that it received.</summary>
internal sealed class ScriptedBackend : IAsyncDisposable
{
    public const string AfterTarget = "/after";
    public const string AfterAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nafter";

    // Not every balancer notices before it uses the connection again.
    private static readonly TimeSpan CloseDeadline = TimeSpan.FromMilliseconds(100);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Lock _gate = new();
    private readonly List<BackendConnection> _connections = [];
    private readonly Task _accepting;
    private BackendRun _run = new(new ExchangeRow("", "") { Sends = [] }, () => "");

    public ScriptedBackend()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    private BackendConnection[] Connections
    {
        get
        {
            lock (_gate)
            {
                return [.. _connections];
            }
        }
    }

    /// <summary>All bytes of the row, by connection.</summary>
    public IEnumerable<string> Received => Connections.Where(c => c.IsUsed).Select(c => c.Describe());

    public async Task<BackendRun> BeginRowAsync(ExchangeRow row, Func<string> clientReceived)
    {
        if (row.OnFreshConnections)
        {
            await CloseAllAsync();
        }

        lock (_gate)
        {
            _connections.RemoveAll(c => c.Peer.State != PeerState.Open);
            _connections.ForEach(c => c.Mark());
        }

        return _run = new(row, clientReceived);
    }

    /// <summary>Waits until nothing is under way; what lies there then belongs to no request.</summary>
    public async Task QuietAsync()
    {
        await Harness.Eventually.True(
            () => !_run.IsBusy && !Connections.Any(c => c.Peer.HasUnseen), "a quiet backend",
            () => Transcript.Of(Received));
        foreach (var stray in Connections.Select(c => c.Peer.Untaken).Where(u => u.Length > 0))
        {
            _run.Faults.Enqueue($"bytes that make no request: '{stray}'");
        }
    }

    /// <summary>Closes all connections, and gives the balancer time to notice, so that no row meets one of another
    /// row's.</summary>
    public async Task CloseAllAsync()
    {
        var connections = Connections;
        foreach (var connection in connections)
        {
            connection.Peer.HalfClose();
        }

        await Task.WhenAll(connections.Select(async connection =>
        {
            var peer = connection.Peer;
            await peer.UntilAsync(() => peer.State != PeerState.Open, CloseDeadline);
            await peer.DisposeAsync();
            await connection.Serving;
        }));

        lock (_gate)
        {
            _connections.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        await CloseAllAsync();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                var peer = new Peer(await _listener.AcceptSocketAsync());
                lock (_gate)
                {
                    _connections.Add(new BackendConnection(peer, ServeAsync(peer)));
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Peer peer)
    {
        for (var first = true; await peer.ThroughAsync("\r\n\r\n", Peer.ForEver) is { } text; first = false)
        {
            var run = _run;
            run.Begin();
            await AnswerAsync(peer, new ReceivedRequest(new MessageHead(text), peer, first), run);
            run.End();
        }
    }

    private static async Task AnswerAsync(Peer peer, ReceivedRequest request, BackendRun run)
    {
        var isAfter = request.Head.FirstLine.StartsWith($"GET {AfterTarget} ", StringComparison.Ordinal);
        (isAfter ? run.Afterwards : run.Requests).Enqueue(request);
        var player = new ScriptPlayer(peer, () => run.ClientReceived) { Request = request };
        var fault = await player.PlayAsync(isAfter ? [Steps.Body, AfterAnswer] : run.NextScript());
        if (fault is not null)
        {
            run.Faults.Enqueue($"backend: {fault}");
        }
    }
}
