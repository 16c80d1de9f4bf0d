using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MiniLB.Tests.Journeys.Harness;

/// <summary>One TCP connection, byte for byte, with a deadline on every wait. Text is Latin-1: one character a
/// byte.</summary>
internal sealed class RawConnection(Socket socket) : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly StringBuilder _unread = new();

    public Socket Socket => socket;

    public static async Task<RawConnection> OpenAsync(Uri url)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Parse(url.Host), url.Port);
        return new RawConnection(socket);
    }

    public static async Task<RawConnection> OpenUnixAsync(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
        return new RawConnection(socket);
    }

    public async Task SendAsync(string text) => await socket.SendAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>Reads up to and including an end mark.</summary>
    public async Task<string> ReadThroughAsync(string end)
    {
        while (true)
        {
            var text = _unread.ToString();
            var at = text.IndexOf(end, StringComparison.Ordinal);
            if (at >= 0)
            {
                _unread.Remove(0, at + end.Length);
                return text[..(at + end.Length)];
            }

            if (!await FillAsync())
            {
                Assert.Fail($"the connection ended before '{end}': '{text}'");
            }
        }
    }

    public async Task<string> ReadAsync(int length)
    {
        while (_unread.Length < length)
        {
            if (!await FillAsync())
            {
                Assert.Fail($"the connection ended after {_unread.Length} of {length} bytes");
            }
        }

        var text = _unread.ToString(0, length);
        _unread.Remove(0, length);
        return text;
    }

    /// <summary>A message head, with its empty line.</summary>
    public Task<string> ReadHeadAsync() => ReadThroughAsync("\r\n\r\n");

    /// <summary>A response whose length is given by Content-Length.</summary>
    public async Task<(string Head, string Body)> ReadResponseAsync()
    {
        var head = await ReadHeadAsync();
        var length = head.Split("\r\n").Where(l => l.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
            .Select(l => int.Parse(l["Content-Length:".Length..], System.Globalization.CultureInfo.InvariantCulture))
            .SingleOrDefault();
        return (head, await ReadAsync(length));
    }

    /// <summary>All that comes until the other side closes; a reset counts as a close.</summary>
    public async Task<string> ReadToEndAsync()
    {
        while (await FillAsync())
        {
        }

        var text = _unread.ToString();
        _unread.Clear();
        return text;
    }

    /// <summary>Closes with a reset instead of an end.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<bool> FillAsync()
    {
        var buffer = new byte[16 * 1024];
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            var count = await socket.ReceiveAsync(buffer, SocketFlags.None, deadline.Token);
            _unread.Append(Encoding.Latin1.GetString(buffer, 0, count));
            return count > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
