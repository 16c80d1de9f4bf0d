using MiniLB.State;

namespace MiniLB.RequestPath.Balance;

/// <summary>Any of them, in proportion to weight: choose it where many balancers that do not know of each other share
/// the same backends.</summary>
internal sealed class RandomStrategy(Random random) : BalanceStrategy
{
    public override string Name => "random";

    public override object Plan(PoolSnapshot pool) => new WeightedDraw(pool);

    public override Backend? Pick(PoolSnapshot pool, in PickRequest request)
    {
        var at = ((WeightedDraw)pool.Plan!).Draw(random, request.Excluded, drawn: -1);
        return at < 0 ? null : pool.Candidates[at];
    }
}
