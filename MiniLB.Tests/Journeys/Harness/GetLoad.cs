using System.Collections.Concurrent;
using System.Net.Sockets;

namespace MiniLB.Tests.Journeys.Harness;

/// <summary>Busy connections that ask for the same thing over and over, and remember what went wrong.</summary>
internal sealed class GetLoad : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly HttpClient _client;
    private readonly Task[] _busy;
    private int _good;

    public GetLoad(Uri url, int connections)
    {
        _client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = connections });
        _busy = [.. Enumerable.Range(0, connections).Select(_ => Task.Run(() => AskAsync(url)))];
    }

    public int Good => Volatile.Read(ref _good);

    public ConcurrentBag<string> Failures { get; } = [];

    /// <summary>Waits for so many good answers more.</summary>
    public Task GoesOnAsync(int more)
    {
        var until = Good + more;
        return Eventually.True(() => Good >= until, $"{more} good answers", () => string.Join('\n', Failures));
    }

    /// <summary>Ends when the last request has been answered.</summary>
    public async Task EndAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_busy);
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _client.Dispose();
        _end.Dispose();
    }

    private async Task AskAsync(Uri url)
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                using var response = await _client.GetAsync(url, CancellationToken.None);
                if (response.IsSuccessStatusCode)
                {
                    Interlocked.Increment(ref _good);
                    continue;
                }

                Failures.Add($"{response.StatusCode} {await response.Content.ReadAsStringAsync()}");
            }
            catch (Exception e) when (e is HttpRequestException or SocketException) // of one that was closed at once
            {
                Failures.Add(e.Message);
            }
        }
    }
}
