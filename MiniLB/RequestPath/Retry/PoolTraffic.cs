using MiniLB.RequestPath.Balance;
using MiniLB.State;

namespace MiniLB.RequestPath.Retry;

/// <summary>What the requests of one pool share through all reloads: the queue that they wait in, and the budget of
/// those that are sent again.</summary>
internal sealed class PoolTraffic(World world, PoolSnapshot pool, TimeProvider time)
{
    public BackendPicker Picker { get; } = new(world, pool);

    public RetryBudget Budget { get; } = new(pool.Options.Retry);

    public TimeProvider Time => time;

    public void Apply(PoolSnapshot pool)
    {
        Picker.QueueOptions = pool.Options.Queue;
        Budget.Options = pool.Options.Retry;
    }
}
