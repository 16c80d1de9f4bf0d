using MiniLB.Config.Options;

namespace MiniLB.State;

/// <summary>All that a request needs to know, immutable. Published by <see cref="World"/>.</summary>
internal sealed record WorldSnapshot(BalancerOptions Options, PoolSnapshot[] Pools)
{
    public int Total { get; } = Pools.Sum(p => p.All.Length);

    public int Alive { get; } = Pools.Sum(p => p.Alive);

    /// <summary>Without routes everything goes to the first pool.</summary>
    public PoolSnapshot DefaultPool => Pools[0];
}
