using MiniLB.State;

namespace MiniLB.RequestPath.Balance;

/// <summary>Picks the backend for an attempt. Called from many threads at once; one instance per pool.</summary>
internal abstract class BalanceStrategy
{
    /// <summary>The name by which a configuration chooses it.</summary>
    public abstract string Name { get; }

    /// <returns>A candidate of the snapshot that is not among the tried, or null where there is none.</returns>
    public abstract Backend? Pick(PoolSnapshot pool, in TriedBackends tried);
}
