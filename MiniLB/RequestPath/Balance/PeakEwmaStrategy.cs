using System.Numerics;
using MiniLB.State;

namespace MiniLB.RequestPath.Balance;

/// <summary>Of two drawn, the one that should answer sooner, by its recent times and what it has to do: choose it where
/// backends are not equally fast or not equally far away.</summary>
/// <remarks>The score is the average time to the first byte, times the requests in flight with this one, over the
/// share. One that has lost for ten picks for each backend is picked all the same, and half of its average is forgiven:
/// time alone would not do, because it hardly moves while a busy pool picks thousands of times.</remarks>
internal sealed class PeakEwmaStrategy(Random random, TimeProvider time) : BalanceStrategy
{
    // One pick in so many gives the next in turn a chance. One that has missed a turn is picked, one that still works
    // on something a turn later: one that always loses has a tenth of its even share, and waits for 15 picks for each
    // backend at most.
    private const int PicksPerTurn = 5;
    private const int TurnsWhenIdle = 1;
    private const int TurnsWhenBusy = 2;

    // Worse than any known one: it has its trial already.
    private const double UnknownSeconds = 1e6;

    // Longs in two cache lines, which processors fetch together.
    private const int Apart = 16;

    private static readonly int Stripes = 2 * (int)BitOperations.RoundUpToPowerOf2((uint)Environment.ProcessorCount);

    private readonly MillisecondClock _clock = new(time);

    // Picks, counted by each thread apart from the others, so that the cores need not fetch one count from each other
    // for every pick.
    private readonly long[] _picks = new long[(Stripes + 1) * Apart];

    // Whose turn it is.
    private long _turn = -1;

    public override string Name => "peakEwma";

    public override bool Observes => true;

    public override Backend? Pick(PoolSnapshot pool, in PickRequest request)
    {
        if (pool.Candidates.Length == 0)
        {
            return null;
        }

        var picked = request.Excluded.IsEmpty
            ? Overdue(pool.Candidates) ?? BetterOfTwo(pool)
            : BestOf(pool, request.Excluded);
        if (picked is { Latency.MissedTurns: > 0 })
        {
            picked.Latency.MissedTurns = 0;
        }

        return picked;
    }

    public override void Observe(Backend backend, TimeSpan firstByte, Verdict verdict)
    {
        if (verdict == Verdict.Neutral)
        {
            return;
        }

        var (now, seconds) = (_clock.Now, firstByte.TotalSeconds);
        if (verdict == Verdict.Failure)
        {
            // A refused connection takes no time at all, and must not look fast. Nobody knows how long an answer would
            // have taken: twice as long as the last ones, so that each further failure takes it further back.
            seconds = Math.Max(seconds, Math.Clamp(2 * backend.Latency.Seconds(now), 1, 60));
        }

        backend.Latency.Observe(seconds, now);
    }

    private Backend? Overdue(Backend[] candidates)
    {
        var stripe = 1 + (Environment.CurrentManagedThreadId & (Stripes - 1));
        if (Interlocked.Increment(ref _picks[stripe * Apart]) % PicksPerTurn != 0)
        {
            return null;
        }

        var backend = candidates[(int)((ulong)Interlocked.Increment(ref _turn) % (ulong)candidates.Length)];
        var missed = backend.Latency.MissedTurns;
        if (missed < (backend.InFlight == 0 ? TurnsWhenIdle : TurnsWhenBusy))
        {
            backend.Latency.MissedTurns = missed + 1;
            return null;
        }

        backend.Latency.Forgive();
        return backend;
    }

    private Backend BetterOfTwo(PoolSnapshot pool)
    {
        var count = (ulong)pool.Candidates.Length;
        if (count == 1)
        {
            return pool.Candidates[0];
        }

        // 63 bits: the upper 31 choose the first, the lower 32 how far from it the second is.
        var bits = (ulong)random.NextInt64();
        var first = (int)(((bits >> 32) * count) >> 31);
        var second = first + 1 + (int)(((uint)bits * (count - 1)) >> 32);
        second = second < (int)count ? second : second - (int)count;
        var now = _clock.Now;
        return pool.Candidates[Score(pool, second, now) < Score(pool, first, now) ? second : first];
    }

    private Backend? BestOf(PoolSnapshot pool, in BackendSet excluded)
    {
        var (best, least, now) = ((Backend?)null, double.PositiveInfinity, _clock.Now);
        for (var i = 0; i < pool.Candidates.Length; i++)
        {
            if (!excluded.Contains(pool.Candidates[i]) && Score(pool, i, now) is var score && score < least)
            {
                (best, least) = (pool.Candidates[i], score);
            }
        }

        return best;
    }

    private static double Score(PoolSnapshot pool, int at, long now)
    {
        var backend = pool.Candidates[at];
        var (inFlight, seconds) = (backend.InFlight, backend.Latency.Seconds(now));
        // Nothing is known at the start, and of one that was away: it gets one request, and the next one when that is
        // answered, however many arrive meanwhile (Finagle).
        return seconds > 0 ? seconds * (inFlight + 1) / pool.Shares[at]
            : inFlight == 0 ? 0
            : UnknownSeconds * (inFlight + 1) / pool.Shares[at];
    }
}
