using System.Collections.Concurrent;
using System.Diagnostics;

namespace MiniLB.Tests.Journeys.Endurance;

/// <summary>Clients that behave, beside those that do not: each asks again and again, on kept and on new
/// connections.</summary>
internal sealed class NormalClient : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly Uri _url;
    private readonly Task[] _asking;
    private int _answered;
    private long _slowest;

    public NormalClient(Uri url, int count)
    {
        _url = url;
        _asking = [.. Enumerable.Range(0, count).Select(i => Task.Run(() => AskAsync(keeps: i % 2 == 0)))];
    }

    public int Answered => Volatile.Read(ref _answered);

    public TimeSpan Slowest => TimeSpan.FromTicks(Volatile.Read(ref _slowest));

    public ConcurrentQueue<string> Failures { get; } = [];

    /// <summary>Ends the asking; the request under way is finished.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_end.IsCancellationRequested)
        {
            await _end.CancelAsync();
            await Task.WhenAll(_asking);
            _end.Dispose();
        }
    }

    private async Task AskAsync(bool keeps)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        client.DefaultRequestHeaders.ConnectionClose = !keeps;
        while (!_end.IsCancellationRequested)
        {
            var began = Stopwatch.GetTimestamp();
            try
            {
                var answer = await client.GetStringAsync(_url);
                if (answer != "fine")
                {
                    Failures.Enqueue(answer);
                }
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                Failures.Enqueue(e.Message);
            }

            Interlocked.Increment(ref _answered);
            Interlocked.Exchange(
                ref _slowest, Math.Max(_slowest, Stopwatch.GetElapsedTime(began).Ticks)); // of two at once one may win
            await Task.Delay(5);
        }
    }
}
