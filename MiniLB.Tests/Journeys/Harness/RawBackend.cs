using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace MiniLB.Tests.Journeys.Harness;

/// <summary>A backend that a test scripts byte by byte. Probes are answered apart and not counted.</summary>
internal sealed class RawBackend : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<RawConnection, string, Task> _answer;
    private readonly ConcurrentBag<RawConnection> _open = [];
    private readonly Task _accepting;

    /// <param name="answer">Called with each request head that is no probe.</param>
    public RawBackend(Func<RawConnection, string, Task> answer)
    {
        _answer = answer;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>The heads received, in order, byte for byte.</summary>
    public ConcurrentQueue<string> Heads { get; } = [];

    /// <summary>A backend that answers every request with the same text.</summary>
    public static RawBackend Answering(string response) => new((connection, _) => connection.SendAsync(response));

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        foreach (var connection in _open)
        {
            await connection.DisposeAsync();
        }
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                var connection = new RawConnection(await _listener.AcceptSocketAsync());
                _open.Add(connection);
                _ = ServeAsync(connection);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(RawConnection connection)
    {
        try
        {
            while (true)
            {
                var head = await connection.ReadHeadAsync();
                if (head.Contains("minilb-health-check", StringComparison.Ordinal))
                {
                    await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                    await connection.DisposeAsync();
                    return;
                }

                Heads.Enqueue(head);
                await _answer(connection, head);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or Xunit.Sdk.XunitException
            or OperationCanceledException)
        {
            // The other side left, or the test did.
        }
    }
}
