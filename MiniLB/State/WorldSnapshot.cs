using MiniLB.Config.Options;

namespace MiniLB.State;

/// <summary>All that a request needs to know, immutable. Published by <see cref="World"/>.</summary>
/// <param name="Routes">What the request path has made of the options' routes; null where there are none.</param>
internal sealed record WorldSnapshot(BalancerOptions Options, PoolSnapshot[] Pools, object? Routes = null)
{
    public int Total { get; } = Pools.Sum(p => p.All.Length);

    public int Alive { get; } = Pools.Sum(p => p.Alive);

    /// <summary>Without routes everything goes to the first pool.</summary>
    public PoolSnapshot DefaultPool => Pools[0];

    /// <returns>Null for a backend that a reload has taken away.</returns>
    public PoolSnapshot? PoolOf(Backend backend)
    {
        foreach (var pool in Pools)
        {
            if (pool.Has(backend))
            {
                return pool;
            }
        }

        return null;
    }
}
