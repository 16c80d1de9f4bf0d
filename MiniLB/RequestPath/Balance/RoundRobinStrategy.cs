using MiniLB.State;

namespace MiniLB.RequestPath.Balance;

/// <summary>Each in turn, in proportion to weight: choose it where requests cost about the same.</summary>
/// <remarks>A request draws one ticket; a failover takes the next turn after the newest one without drawing another, so
/// that failovers do not skew the shares.</remarks>
internal sealed class RoundRobinStrategy : BalanceStrategy
{
    // Drawn by every request. The first ticket is 0; 64 bits do not wrap in the life of a machine.
    private long _ticket = -1;

    public override string Name => "roundRobin";

    public override object Plan(PoolSnapshot pool) => new WeightedTurns(pool.Candidates, pool.Shares);

    public override Backend? Pick(PoolSnapshot pool, in PickRequest request)
    {
        var turns = (WeightedTurns)pool.Plan!;
        if (turns.IsEmpty)
        {
            return null;
        }

        return request.Excluded.IsEmpty
            ? turns.At(Interlocked.Increment(ref _ticket))
            : turns.Next(Volatile.Read(ref _ticket), request.Excluded);
    }
}
