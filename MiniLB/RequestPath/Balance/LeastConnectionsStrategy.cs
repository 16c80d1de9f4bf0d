using MiniLB.State;

namespace MiniLB.RequestPath.Balance;

/// <summary>The backend with the fewest requests in flight for its weight: choose it where requests take very different
/// times.</summary>
/// <remarks>Nothing is less than nothing in flight: the next idle one in turn is taken unseen of all others, and idle
/// pools share by weight. Where none of the next few is idle, all loads are compared, and equal ones take turns.
/// Measured beside a heap under a lock (MiniLB.Load, picks), ns a pick with every backend busy, this and the heap: one
/// thread, 100 backends 35 and 75, 1,000 backends 208 and 104; two threads 128 and 371, 418 and 693. Only one thread
/// and very many busy backends favour the heap.
/// Requests in the pool's queue count for nobody: they wait for the pool, because a full backend cannot be picked at
/// all.</remarks>
internal sealed class LeastConnectionsStrategy : BalanceStrategy
{
    // Where so few are idle, comparing all is the surer way.
    private const int MostTurns = 4;

    // Drawn by every request. Goes back by a few where several look further at once.
    private long _turn = -1;

    // The index after the last pick. Written by every request: from a turn's, the one after a busy one would get the
    // busy one's turns too.
    private int _next;

    public override string Name => "leastConnections";

    public override object Plan(PoolSnapshot pool) =>
        new LeastPlan(new WeightedTurns(pool.Candidates, pool.Shares), new RelativeLoads(pool));

    public override Backend? Pick(PoolSnapshot pool, in PickRequest request)
    {
        var plan = (LeastPlan)pool.Plan!;
        if (plan.Turns.IsEmpty)
        {
            return null;
        }

        var from = Volatile.Read(ref _next);
        from = from < pool.ByIndex.Length ? from : 0;
        if (!request.Excluded.IsEmpty)
        {
            return plan.Loads.Least(from, request.Excluded);
        }

        var picked = NextIdle(plan.Turns) ?? plan.Loads.Least(from)!;
        Volatile.Write(ref _next, picked.Index + 1);
        return picked;
    }

    private Backend? NextIdle(WeightedTurns turns)
    {
        var turn = Interlocked.Increment(ref _turn);
        for (var i = 0; i < MostTurns; i++)
        {
            var backend = turns.At(turn + i);
            if (backend.InFlight == 0)
            {
                if (i > 0)
                {
                    Volatile.Write(ref _turn, turn + i);
                }

                return backend;
            }
        }

        return null;
    }

    private sealed record LeastPlan(WeightedTurns Turns, RelativeLoads Loads);
}
