using System.Collections.Concurrent;
using System.Net;

namespace MiniLB.Tests.Journeys.Http2.Floods;

/// <summary>Normal clients beside a flood, one of HTTP/1.1 and one of HTTP/2: each of their requests is to be
/// served.</summary>
internal sealed class Bystanders : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _end = new();
    private readonly HttpClient _client = new() { Timeout = Patience };
    private readonly Task[] _running;
    private int _served;

    public Bystanders(Uri url) => _running =
        [.. new[] { HttpVersion.Version11, HttpVersion.Version20 }.Select(v => Task.Run(() => AskAsync(url, v)))];

    public ConcurrentQueue<string> Failures { get; } = [];

    public int Served => Volatile.Read(ref _served);

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

    private async Task AskAsync(Uri url, Version version)
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, url)
                {
                    Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                };
                using var response = await _client.SendAsync(request, CancellationToken.None);
                Assert.Equal("hello", await response.Content.ReadAsStringAsync());
                Interlocked.Increment(ref _served);
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException or Xunit.Sdk.XunitException)
            {
                Failures.Enqueue($"HTTP/{version}: {e.Message}");
                return;
            }
        }
    }
}
