using MiniLB.State;

namespace MiniLB.RequestPath.Balance;

/// <summary>Each in turn, in proportion to weight: choose it where requests cost about the same.</summary>
/// <remarks>A request draws one ticket; a failover takes the next turn after the newest one without drawing another, so
/// that failovers do not skew the shares.</remarks>
internal sealed class RoundRobinStrategy : BalanceStrategy
{
    // Drawn by every request. The first ticket is 0; 64 bits do not wrap in the life of a machine.
    private long _ticket = -1;

    // Written by whichever request first meets a new snapshot; losing a race costs one rebuild.
    private volatile WeightedTurns? _turns;

    public override string Name => "roundRobin";

    public override Backend? Pick(PoolSnapshot pool, in TriedBackends tried)
    {
        var candidates = pool.Candidates;
        if (candidates.Length == 0)
        {
            return null;
        }

        var turns = _turns;
        if (turns is null || turns.Candidates != candidates)
        {
            _turns = turns = new WeightedTurns(candidates);
        }

        return tried.IsEmpty
            ? turns.At(Interlocked.Increment(ref _ticket))
            : turns.Next(Volatile.Read(ref _ticket), tried);
    }
}
