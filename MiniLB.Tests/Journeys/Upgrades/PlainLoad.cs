using System.Collections.Concurrent;
using System.Net.Sockets;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Upgrades;

/// <summary>Clients that repeat nothing: each request is sent once, and whatever is no whole answer is a
/// failure.</summary>
/// <remarks>.NET's own client sends a GET again where a kept connection has ended.</remarks>
internal sealed class PlainLoad : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly Task[] _clients;
    private int _good;
    private int _connections;

    /// <param name="url">What is asked for.</param>
    /// <param name="kept">Clients that keep their connection for as long as they may.</param>
    /// <param name="single">Clients that open one for each request.</param>
    public PlainLoad(Uri url, int kept, int single) => _clients =
    [
        .. Enumerable.Range(0, kept).Select(_ => Task.Run(() => RunAsync(url, keeps: true))),
        .. Enumerable.Range(0, single).Select(_ => Task.Run(() => RunAsync(url, keeps: false))),
    ];

    public int Good => Volatile.Read(ref _good);

    public int Connections => Volatile.Read(ref _connections);

    public ConcurrentQueue<string> Failures { get; } = [];

    public Task GoesOnAsync(int more)
    {
        var until = Good + more;
        return Eventually.True(() => Good >= until, $"{more} good answers", () => string.Join('\n', Failures.Take(9)));
    }

    public async Task EndAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_clients);
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _end.Dispose();
    }

    private async Task RunAsync(Uri url, bool keeps)
    {
        var request = $"GET / HTTP/1.1\r\nHost: h\r\n{(keeps ? "" : "Connection: close\r\n")}\r\n";
        while (!_end.IsCancellationRequested)
        {
            try
            {
                await using var connection = await RawConnection.OpenAsync(url);
                Interlocked.Increment(ref _connections);
                while (await AskAsync(connection, request) && !_end.IsCancellationRequested)
                {
                }
            }
            catch (Exception e) when (e is SocketException or Xunit.Sdk.XunitException)
            {
                Failures.Enqueue(e.Message);
            }
        }
    }

    /// <returns>False where the connection is not to be used again.</returns>
    private async Task<bool> AskAsync(RawConnection connection, string request)
    {
        await connection.SendAsync(request);
        var (head, body) = await connection.ReadResponseAsync();
        if (head.StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal) && body == "hello")
        {
            Interlocked.Increment(ref _good);
        }
        else
        {
            Failures.Enqueue(head + body);
        }

        return !head.Contains("Connection: close\r\n", StringComparison.OrdinalIgnoreCase);
    }
}
