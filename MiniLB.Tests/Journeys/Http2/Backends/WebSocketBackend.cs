using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Http2.Backends;

/// <summary>A backend that takes upgrades of HTTP/1.1 and then does to the bare bytes what the path says.</summary>
internal sealed class WebSocketBackend : IAsyncDisposable
{
    private const string Salt = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455, section 1.3

    private readonly RawBackend _raw;
    private int _ended;

    private WebSocketBackend() => _raw = new RawBackend(ServeAsync);

    public string Url => _raw.Url;

    public ConcurrentQueue<RecordedRequest> Requests { get; } = [];

    /// <summary>What came through tunnels after their backend had ended its own side.</summary>
    public ConcurrentQueue<string> Late { get; } = [];

    /// <summary>Tunnels whose client side has ended, or is gone.</summary>
    public int Ended => Volatile.Read(ref _ended);

    public static WebSocketBackend Start() => new();

    public ValueTask DisposeAsync() => _raw.DisposeAsync();

    private async Task ServeAsync(RawConnection connection, string head)
    {
        var request = new RecordedRequest(head) { Complete = true };
        Requests.Enqueue(request);
        await connection.SendAsync(Answer(request));
        if (request.Path is "/ws-refuse" or "/ws-plain")
        {
            return;
        }

        try
        {
            await TunnelAsync(connection, request.Path);
        }
        finally
        {
            await connection.DisposeAsync();
        }
    }

    private static string Answer(RecordedRequest request)
    {
        var key = request.Values("Sec-WebSocket-Key").FirstOrDefault("none");
        var accept = Convert.ToBase64String(Digest(key + Salt));
        return request.Path switch
        {
            "/ws-refuse" => "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno",
            "/ws-plain" => "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
            "/ws-other" => "HTTP/1.1 101 Other\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n",
            "/ws-false" => "HTTP/1.1 101 False\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n",
            _ => "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + $"Sec-WebSocket-Accept: {accept}\r\nSec-WebSocket-Protocol: chat\r\n\r\n",
        };
    }

    private async Task TunnelAsync(RawConnection connection, string path)
    {
        switch (path)
        {
            case "/ws-ends":
                await connection.SendAsync("goodbye");
                connection.Socket.Shutdown(SocketShutdown.Send);
                Late.Enqueue(await connection.ReadToEndAsync());
                break;
            case "/ws-reset":
                await connection.ReadAsync(1);
                connection.Reset();
                break;
            default:
                await EchoAsync(connection);
                break;
        }

        Interlocked.Increment(ref _ended);
    }

    private static async Task EchoAsync(RawConnection connection)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            for (int count; (count = await connection.Socket.ReceiveAsync(buffer, SocketFlags.None)) > 0;)
            {
                await connection.SendAsync(Encoding.Latin1.GetString(buffer, 0, count));
            }

            await connection.SendAsync("after the end");
        }
        catch (SocketException)
        {
            // Gone, without an end.
        }
    }

#pragma warning disable CA5350 // The protocol has it so.
    private static byte[] Digest(string text) => SHA1.HashData(Encoding.ASCII.GetBytes(text));
#pragma warning restore CA5350
}
