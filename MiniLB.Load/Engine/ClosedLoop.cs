using System.Diagnostics;

namespace MiniLB.Load.Engine;

/// <summary>Keeps a fixed number of requests in flight: each next one is made when the last has ended.</summary>
/// <remarks>A slow server is asked less often, so the latencies say how it answered, not how a queue in front of it
/// would have grown.</remarks>
internal static class ClosedLoop
{
    // A server that refuses is not asked again as fast as it refuses.
    private static readonly TimeSpan AfterFailure = TimeSpan.FromMilliseconds(50);

    /// <param name="request">Makes one request.</param>
    /// <param name="profile">How many at a time, and for how long.</param>
    /// <param name="stop">Ends the run early; requests in flight are waited for all the same.</param>
    public static async Task<LoadResult> RunAsync(
        Func<Task<Outcome>> request, LoadProfile profile, CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var start = Stopwatch.GetTimestamp();
        end.CancelAfter(profile.Time);
        var workers = Enumerable.Range(0, profile.Connections)
            .Select(_ => Task.Run(() => WorkAsync(request, end.Token)));
        var tallies = await Task.WhenAll(workers);
        return new LoadResult(Tally.Sum(tallies), Stopwatch.GetElapsedTime(start));
    }

    private static async Task<Tally> WorkAsync(Func<Task<Outcome>> request, CancellationToken end)
    {
        var tally = new Tally();
        while (!end.IsCancellationRequested)
        {
            var start = Stopwatch.GetTimestamp();
            var outcome = await request();
            tally.Add(outcome, Stopwatch.GetElapsedTime(start));
            if (outcome.Failure is not null)
            {
                await Task.Delay(AfterFailure, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        return tally;
    }
}

/// <summary>What a run came to.</summary>
internal sealed record LoadResult(Tally Tally, TimeSpan Elapsed);
