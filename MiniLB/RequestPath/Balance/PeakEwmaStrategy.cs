using MiniLB.State;

namespace MiniLB.RequestPath.Balance;

/// <summary>Of two drawn, the one that answers sooner by its recent times and what it has to do: choose it where
/// backends
/// are not equally fast or not equally far away.</summary>
/// <remarks>The first of the two goes round, so that each is drawn once in as many picks as there are backends; one
/// that
/// has lost for too long is picked all the same, so that none is forgotten for what it once was.</remarks>
internal sealed class PeakEwmaStrategy(Random random, TimeProvider time) : BalanceStrategy
{
    // A backend that has not been picked in so many rounds is tried: a fiftieth of the traffic in a pool of five.
    private const int LongestRounds = 10;

    // A failure may come fast. It is worth as much as an answer that took so long.
    private const double FailureSeconds = 1;

    private long _picks;

    public override string Name => "peakEwma";

    public override bool Observes => true;

    public override object Plan(PoolSnapshot pool) => InverseShares.Of(pool);

    public override Backend? Pick(PoolSnapshot pool, in PickRequest request)
    {
        var candidates = pool.Candidates;
        if (candidates.Length == 0)
        {
            return null;
        }

        var inverse = (float[])pool.Plan!;
        var now = time.GetElapsedTime(0);
        var pick = Interlocked.Increment(ref _picks);
        var picked = request.Excluded.IsEmpty
            ? BetterOfTwo(candidates, inverse, pick, now)
            : BestOf(candidates, inverse, request.Excluded, now);
        if (picked is not null)
        {
            picked.Latency.PickedAt = pick;
        }

        return picked;
    }

    public override void Observe(Backend backend, TimeSpan firstByte, Verdict verdict)
    {
        if (verdict != Verdict.Neutral)
        {
            var seconds = firstByte.TotalSeconds;
            backend.Latency.Observe(
                verdict == Verdict.Failure ? Math.Max(seconds, FailureSeconds) : seconds, time.GetElapsedTime(0));
        }
    }

    private Backend BetterOfTwo(Backend[] candidates, float[] inverse, long pick, TimeSpan now)
    {
        var first = (int)((ulong)pick % (ulong)candidates.Length);
        if (candidates.Length == 1)
        {
            return candidates[0];
        }

        var second = first + 1 + random.Next(candidates.Length - 1);
        var (a, b) = (candidates[first], candidates[second % candidates.Length]);
        var (better, worse) = Score(b, inverse, now) < Score(a, inverse, now) ? (b, a) : (a, b);
        if (worse.InFlight == 0 && pick - worse.Latency.PickedAt > (long)candidates.Length * LongestRounds)
        {
            worse.Latency.Forgive();
            return worse;
        }

        return better;
    }

    private static Backend? BestOf(Backend[] candidates, float[] inverse, in BackendSet excluded, TimeSpan now)
    {
        Backend? best = null;
        foreach (var backend in candidates)
        {
            if (!excluded.Contains(backend)
                && (best is null || Score(backend, inverse, now) < Score(best, inverse, now)))
            {
                best = backend;
            }
        }

        return best;
    }

    private static double Score(Backend backend, float[] inverse, TimeSpan now)
    {
        var busy = backend.InFlight;
        // Nothing is known of it: one request at a time finds out.
        return !backend.Latency.IsKnown
            ? busy == 0 ? 0 : double.MaxValue
            : backend.Latency.Seconds(now) * (busy + 1) * inverse[backend.Index];
    }
}
