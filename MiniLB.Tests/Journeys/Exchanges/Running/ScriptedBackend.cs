using System.Net;
using System.Net.Sockets;
using MiniLB.Tests.Journeys.Exchanges.Table;

namespace MiniLB.Tests.Journeys.Exchanges.Running;

/// <summary>A backend that plays the scripts of one row after the other and keeps all that it received.</summary>
internal sealed class ScriptedBackend : IAsyncDisposable
{
    public const string AfterTarget = "/after";
    public const string AfterAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nafter";

    private static readonly TimeSpan CloseDeadline = TimeSpan.FromMilliseconds(300);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Lock _gate = new();
    private readonly List<(Peer Peer, Task Serving)> _connections = [];
    private readonly Task _accepting;
    private BackendRun _run = new(new ExchangeRow("", "") { Sends = [] }, () => "");

    public ScriptedBackend()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    private (Peer Peer, Task Serving)[] Connections
    {
        get
        {
            lock (_gate)
            {
                return [.. _connections];
            }
        }
    }

    public BackendRun BeginRow(ExchangeRow row, Func<string> clientReceived) =>
        _run = new(row, clientReceived);

    /// <summary>All bytes of the row, by connection.</summary>
    public IEnumerable<string> Received => Connections.Select(c => $"{c.Peer.Received}({c.Peer.State})");

    /// <summary>Waits until nothing is under way; what lies there then belongs to no request.</summary>
    public async Task QuietAsync()
    {
        await Harness.Eventually.True(
            () => !_run.IsBusy && !Connections.Any(c => c.Peer.HasUnseen), "a quiet backend", () => Transcript.Of(Received));
        foreach (var (peer, _) in Connections)
        {
            if (peer.Untaken.Length > 0)
            {
                _run.Faults.Enqueue($"bytes that make no request: '{peer.Untaken}'");
            }
        }
    }

    /// <summary>Closes all connections, and waits for the balancer to have noticed, so that no row meets one of the
    /// last row's.</summary>
    public async Task EndRowAsync()
    {
        foreach (var (peer, serving) in Connections)
        {
            peer.HalfClose();
            await peer.UntilAsync(() => peer.State != PeerState.Open, CloseDeadline);
            await peer.DisposeAsync();
            await serving;
        }

        lock (_gate)
        {
            _connections.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        await EndRowAsync();
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
                    _connections.Add((peer, ServeAsync(peer, _connections.Count)));
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Peer peer, int number)
    {
        for (var first = true; await peer.ThroughAsync("\r\n\r\n", Peer.ForEver) is { } text; first = false)
        {
            var run = _run;
            run.Begin();
            await AnswerAsync(peer, new ReceivedRequest(new MessageHead(text), number, first), run);
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
