using MiniLB.State;

namespace MiniLB.RequestPath.Balance;

/// <summary>Any of them, in proportion to weight: choose it where many balancers that do not know of each other share
/// the
/// same backends.</summary>
internal sealed class RandomStrategy(Random random) : BalanceStrategy
{
    public override string Name => "random";

    public override object Plan(PoolSnapshot pool) => new WeightedTurns(pool.Candidates, pool.Shares);

    public override Backend? Pick(PoolSnapshot pool, in PickRequest request)
    {
        var turns = (WeightedTurns)pool.Plan!;
        if (turns.IsEmpty)
        {
            return null;
        }

        var ticket = random.NextInt64();
        return request.Excluded.IsEmpty ? turns.At(ticket) : turns.Next(ticket, request.Excluded);
    }
}
