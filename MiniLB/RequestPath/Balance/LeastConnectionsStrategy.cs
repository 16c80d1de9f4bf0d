using MiniLB.State;

namespace MiniLB.RequestPath.Balance;

/// <summary>The backend with the fewest requests in flight for its weight: choose it where requests cost very
/// different amounts and every backend is the same distance away.</summary>
internal sealed class LeastConnectionsStrategy : BalanceStrategy
{
    private long _ticket = -1;

    public override string Name => "leastConnections";

    public override Backend? Pick(PoolSnapshot pool, in PickRequest request)
    {
        var candidates = pool.Candidates;
        var start = (ulong)Interlocked.Increment(ref _ticket);
        Backend? best = null;
        var bestLoad = double.MaxValue;
        for (var i = 0; i < candidates.Length; i++)
        {
            var at = (int)((start + (ulong)i) % (ulong)candidates.Length);
            var load = (candidates[at].InFlight + 1) / (double)pool.Shares[at];
            if (load < bestLoad && !request.Excluded.Contains(candidates[at]))
            {
                (best, bestLoad) = (candidates[at], load);
            }
        }

        return best;
    }
}
