using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using MiniLB.Tests.Fuzzing.Oracle;

namespace MiniLB.Tests.Fuzzing.Engine;

/// <summary>Listens as a backend and serves every connection by the scripts of the cases under way.</summary>
internal sealed class FuzzBackend : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<FuzzBackendConnection, Task> _connections = [];
    private readonly LiveCases _cases;
    private readonly Findings _findings;
    private readonly Task _accepting;

    public FuzzBackend(LiveCases cases, Findings findings)
    {
        (_cases, _findings) = (cases, findings);
        _listener.Start(512);
        _accepting = AcceptAsync();
    }

    public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Ends all connections; the balancer is to notice.</summary>
    public async Task CloseConnectionsAsync()
    {
        foreach (var (connection, serving) in _connections)
        {
            connection.Dispose();
            await serving;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        await CloseConnectionsAsync();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync();
                socket.NoDelay = true;
                var connection = new FuzzBackendConnection(socket, _cases, _findings);
                _connections[connection] = ServeAsync(connection);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The listener was closed.
        }
    }

    private async Task ServeAsync(FuzzBackendConnection connection)
    {
        await Task.Yield();
        try
        {
            await connection.ServeAsync();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The balancer left, or the run has ended.
        }
        finally
        {
            connection.Dispose();
            _connections.TryRemove(connection, out _);
        }
    }
}
