using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MiniLB.Demo;

/// <summary>Three small web servers for minilb demo: a plain one, a slower one, and one that can be broken and
/// mended.</summary>
internal sealed class SampleBackends : IAsyncDisposable
{
    public const int Count = 3;
    private const int Slow = 2;
    private const int Breakable = 3;
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(150);

    private readonly TcpListener[] _listeners =
        [.. Enumerable.Range(1, Count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];

    private readonly CancellationTokenSource _end = new();
    private volatile bool _isBroken;

    /// <summary>Their URLs, once started.</summary>
    public string[] Urls { get; private set; } = [];

    public void Start()
    {
        for (var i = 0; i < Count; i++)
        {
            _listeners[i].Start();
            _ = AcceptAsync(_listeners[i], i + 1);
        }

        Urls = [.. _listeners.Select(l => $"http://{l.LocalEndpoint}")];
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        Array.ForEach(_listeners, l => l.Dispose());
        _end.Dispose();
    }

    private async Task AcceptAsync(TcpListener listener, int number)
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await listener.AcceptTcpClientAsync(_end.Token), number);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The demo is over.
        }
    }

    // Only MiniLB connects here: what it sends is sound.
    private async Task ServeAsync(TcpClient client, int number)
    {
        using var connection = client;
        try
        {
            var stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.Latin1);
            while (await reader.ReadLineAsync(_end.Token) is { Length: > 0 } line)
            {
                var hasBody = await HasBodyAsync(reader);
                var (status, text) = await AnswerAsync(line.Split(' ')[1], number);
                var isHead = line.StartsWith("HEAD ", StringComparison.Ordinal);
                await stream.WriteAsync(Encoding.ASCII.GetBytes(
                    $"HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nContent-Length: {text.Length}\r\n"
                    + $"{(hasBody ? "Connection: close\r\n" : "")}\r\n{(isHead ? "" : text)}"), _end.Token);
                if (hasBody)
                {
                    client.Client.Shutdown(SocketShutdown.Send);
                    await stream.CopyToAsync(Stream.Null, _end.Token);
                    return;
                }
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // It has gone.
        }
    }

    private async Task<bool> HasBodyAsync(StreamReader reader)
    {
        var hasBody = false;
        while (await reader.ReadLineAsync(_end.Token) is { Length: > 0 } field)
        {
            hasBody |= field.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)
                || field.StartsWith("Transfer-Encoding:", StringComparison.OrdinalIgnoreCase);
        }

        return hasBody;
    }

    private async Task<(string Status, string Text)> AnswerAsync(string path, int number)
    {
        if (number == Breakable && path == "/break")
        {
            _isBroken = true;
            return ("200 OK", "backend 3 now answers 500\n");
        }

        if (number == Breakable && path == "/mend")
        {
            _isBroken = false;
            return ("200 OK", "backend 3 answers again\n");
        }

        if (number == Slow)
        {
            await Task.Delay(Delay, _end.Token);
        }

        return number == Breakable && _isBroken
            ? ("500 Internal Server Error", "backend 3 is broken\n")
            : ("200 OK", $"hello from backend {number}{(number == Slow ? ", the slow one" : "")}\n");
    }
}
