using System.Net;
using System.Net.Sockets;

namespace MiniLB.Tests.Journeys.Endurance;

/// <summary>A backend that begins an answer to whatever comes and then stalls until the other side leaves; as cheap
/// as it can be, because thousands of connections a second come and go.</summary>
internal sealed class StallingBackend : IAsyncDisposable
{
    private static readonly byte[] Whole = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine"u8.ToArray();

    private static readonly byte[] Beginning =
        [.. "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"u8, .. new byte[1000]];

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _accepting;
    private int _requests;
    private int _open;

    public StallingBackend()
    {
        _listener.Start(1024);
        _accepting = AcceptAsync();
    }

    public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Requests that arrived.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Connections that the other side has not closed.</summary>
    public int Open => Volatile.Read(ref _open);

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                _ = ServeAsync(await _listener.AcceptSocketAsync());
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        Interlocked.Increment(ref _open);
        using (socket)
        {
            try
            {
                var buffer = new byte[4096];
                var begun = false;
                while (await socket.ReceiveAsync(buffer) is var count and > 0)
                {
                    var isHead = buffer.AsSpan(0, count).IndexOf(" HTTP/1.1\r\n"u8) >= 0;
                    if (isHead && !begun)
                    {
                        Interlocked.Increment(ref _requests);
                        begun = buffer.AsSpan(0, count).IndexOf("/stall "u8) >= 0;
                        await socket.SendAsync(begun ? Beginning : Whole);
                    }
                }
            }
            catch (SocketException)
            {
                // It left with a reset.
            }
        }

        Interlocked.Decrement(ref _open);
    }
}
