using System.Collections.Concurrent;
using System.Net.Sockets;

namespace MiniLB.Tests.Journeys.Harness;

/// <summary>Busy connections that ask for the same thing over and over, and remember what went wrong.</summary>
internal sealed class GetLoad : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly HttpClient _client;
    private readonly Task[] _busy;
    private readonly int[] _begun;
    private int _good;

    public GetLoad(Uri url, int connections)
    {
        _client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = connections });
        _begun = new int[connections];
        _busy = [.. Enumerable.Range(0, connections).Select(i => Task.Run(() => AskAsync(url, i)))];
    }

    public int Good => Volatile.Read(ref _good);

    public ConcurrentBag<string> Failures { get; } = [];

    /// <summary>Waits for so many good answers more.</summary>
    public Task GoesOnAsync(int more)
    {
        var until = Good + more;
        return Eventually.True(() => Good >= until, $"{more} good answers", () => string.Join('\n', Failures));
    }

    /// <summary>Waits until each connection has begun another request: what is under way now is over then.</summary>
    public Task EachAsksAnewAsync()
    {
        var before = _begun.ToArray();
        return Eventually.True(
            () => before.Zip(_begun).All(b => b.Second > b.First), "a next request on each connection",
            () => string.Join('\n', Failures));
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

    private async Task AskAsync(Uri url, int connection)
    {
        while (!_end.IsCancellationRequested)
        {
            Interlocked.Increment(ref _begun[connection]);
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
