using System.Collections.Concurrent;
using System.Globalization;

namespace MiniLB.Tests.Journeys.Harness;

/// <summary>Busy clients of many addresses: most of them send GETs, each of which must be answered; some send POSTs,
/// each
/// of which is unlike any other.</summary>
internal sealed class MixedLoad : IAsyncDisposable
{
    private const int GetClients = 40;
    private const int PostClients = 8;

    private readonly CancellationTokenSource _end = new();
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(20) };
    private readonly Task[] _running;
    private int _gets;
    private int _posts;
    private int _failedPosts;

    public MixedLoad(Uri url) => _running =
    [
        .. Enumerable.Range(0, GetClients).Select(i => Task.Run(() => GetAsync(url, i))),
        .. Enumerable.Range(0, PostClients).Select(i => Task.Run(() => PostAsync(url, i))),
    ];

    /// <summary>What became of the GETs that were not answered 200.</summary>
    public ConcurrentQueue<string> Failures { get; } = [];

    /// <summary>GETs answered 200.</summary>
    public int Gets => Volatile.Read(ref _gets);

    public int Posts => Volatile.Read(ref _posts);

    public int FailedPosts => Volatile.Read(ref _failedPosts);

    /// <summary>Waits until so many more GETs have been answered.</summary>
    public Task GoesOnAsync(int gets)
    {
        var target = Gets + gets;
        return Eventually.True(() => Gets >= target, $"{gets} more answers", () => string.Join('\n', Failures.Take(20)));
    }

    public async Task StopAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_running);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _client.Dispose();
        _end.Dispose();
    }

    private async Task GetAsync(Uri url, int client)
    {
        for (var i = 0; !_end.IsCancellationRequested; i++)
        {
            var failure = await SendAsync(HttpMethod.Get, url, client, i);
            if (failure is null)
            {
                Interlocked.Increment(ref _gets);
            }
            else
            {
                Failures.Enqueue(failure);
            }
        }
    }

    private async Task PostAsync(Uri url, int client)
    {
        for (var i = 0; !_end.IsCancellationRequested; i++)
        {
            var target = new Uri(url, string.Create(CultureInfo.InvariantCulture, $"/?{client}-{i}"));
            Interlocked.Increment(ref _posts);
            if (await SendAsync(HttpMethod.Post, target, client, i) is not null)
            {
                Interlocked.Increment(ref _failedPosts);
            }
        }
    }

    /// <returns>Null where it was answered 200.</returns>
    private async Task<string?> SendAsync(HttpMethod method, Uri target, int client, int number)
    {
        using var request = new HttpRequestMessage(method, target);
        request.Headers.Add("X-Forwarded-For", $"192.0.2.{((client * 31) + number) % 250}");
        if (method == HttpMethod.Post)
        {
            request.Content = new StringContent("some body");
        }

        try
        {
            using var response = await _client.SendAsync(request, CancellationToken.None);
            var text = await response.Content.ReadAsStringAsync(CancellationToken.None);
            return response.IsSuccessStatusCode ? null : $"{response.StatusCode} {text}";
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return e.Message;
        }
    }
}
