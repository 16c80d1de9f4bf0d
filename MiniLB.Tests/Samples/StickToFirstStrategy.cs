using MiniLB.RequestPath.Balance;
using MiniLB.State;

namespace MiniLB.Tests.Samples;

/// <summary>The first backend in the configured order: choose it where the others are there for its sake.</summary>
internal sealed class StickToFirstStrategy : BalanceStrategy
{
    public override string Name => "stickToFirst";

    public override Backend? Pick(PoolSnapshot pool, in PickRequest request)
    {
        foreach (var backend in pool.Candidates)
        {
            if (!request.Excluded.Contains(backend))
            {
                return backend;
            }
        }

        return null;
    }
}
