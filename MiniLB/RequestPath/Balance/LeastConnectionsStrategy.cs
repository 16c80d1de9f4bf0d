using System.Numerics;
using MiniLB.State;

namespace MiniLB.RequestPath.Balance;

/// <summary>The backend with the fewest requests in flight for its weight: choose it where requests take very different
/// times.</summary>
/// <remarks>A scan of all loads, eight at a time; equal ones take turns. Requests that wait in the pool's queue wait
/// for
/// the pool: a backend for which a bound request waits is full, and cannot be picked at all.</remarks>
internal sealed class LeastConnectionsStrategy : BalanceStrategy
{
    private static readonly Vector<int> Lanes = Vector.Create<int>([.. Enumerable.Range(0, Vector<int>.Count)]);

    // Where the scan begins, so that equals take turns.
    private long _ticket = -1;

    public override string Name => "leastConnections";

    public override object Plan(PoolSnapshot pool) => InverseShares.Of(pool);

    public override Backend? Pick(PoolSnapshot pool, in PickRequest request)
    {
        var all = pool.All;
        if (all.Length == 0)
        {
            return null;
        }

        var inverse = (float[])pool.Plan!;
        var loads = all[0].Loads;
        var start = (int)((ulong)Interlocked.Increment(ref _ticket) % (ulong)all.Length);
        var (least, at) = request.Excluded.IsEmpty
            ? Least(loads, inverse, start, all.Length)
            : LeastOf(pool, inverse, request.Excluded, start, all.Length);
        var (before, beforeAt) = request.Excluded.IsEmpty
            ? Least(loads, inverse, 0, start)
            : LeastOf(pool, inverse, request.Excluded, 0, start);
        at = before < least ? beforeAt : at;
        return at < 0 ? null : all[at];
    }

    private static (float Least, int At) Least(
        ReadOnlySpan<int> loads, ReadOnlySpan<float> inverse, int from, int to)
    {
        var (least, at) = (float.PositiveInfinity, -1);
        var i = from;
        if (to - from >= Vector<int>.Count)
        {
            var best = new Vector<float>(float.PositiveInfinity);
            var bestAt = Vector<int>.Zero;
            for (; i <= to - Vector<int>.Count; i += Vector<int>.Count)
            {
                var load = Vector.ConvertToSingle(new Vector<int>(loads[i..])) + Vector<float>.One;
                var key = load * new Vector<float>(inverse[i..]);
                var isLess = Vector.LessThan(key, best);
                best = Vector.ConditionalSelect(isLess, key, best);
                bestAt = Vector.ConditionalSelect(isLess, Lanes + new Vector<int>(i), bestAt);
            }

            for (var lane = 0; lane < Vector<int>.Count; lane++)
            {
                if (best[lane] < least || (best[lane] == least && bestAt[lane] < at))
                {
                    (least, at) = (best[lane], bestAt[lane]);
                }
            }
        }

        for (; i < to; i++)
        {
            var key = (loads[i] + 1) * inverse[i];
            (least, at) = key < least ? (key, i) : (least, at);
        }

        return (least, at);
    }

    private static (float Least, int At) LeastOf(
        PoolSnapshot pool, float[] inverse, in BackendSet excluded, int from, int to)
    {
        var (least, at) = (float.PositiveInfinity, -1);
        for (var i = from; i < to; i++)
        {
            var key = (pool.All[i].InFlight + 1) * inverse[i];
            if (key < least && !excluded.Contains(pool.All[i]))
            {
                (least, at) = (key, i);
            }
        }

        return (least, at);
    }
}
