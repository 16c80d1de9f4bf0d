using MiniLB.State;

namespace MiniLB.RequestPath.Balance;

/// <summary>A way into a pool that leads through a strategy, which belongs to the snapshot that it has planned
/// for.</summary>
internal class BalancedPath(BalanceStrategy strategy) : PoolPath
{
    public BalanceStrategy Strategy => strategy;

    public override object? Plan(PoolSnapshot pool) => strategy.Plan(pool);
}
