using MiniLB.Config.Options;

namespace MiniLB.RequestPath.Balance;

/// <summary>Makes the strategy that a configuration names.</summary>
internal static class Strategies
{
    public static BalanceStrategy Create(PoolOptions options, TimeProvider time) => options.Strategy switch
    {
        StrategyName.RoundRobin => new RoundRobinStrategy(),
        StrategyName.LeastConnections => new LeastConnectionsStrategy(),
        StrategyName.IpHash => new HashStrategy("ipHash", options.Hash.BoundedLoad),
        StrategyName.ConsistentHash => new HashStrategy("consistentHash", options.Hash.BoundedLoad),
        StrategyName.PowerOfTwo => new PowerOfTwoStrategy(Random.Shared, time),
        StrategyName.PeakEwma => new PeakEwmaStrategy(Random.Shared, time),
        StrategyName.Random => new RandomStrategy(Random.Shared),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.Strategy, null),
    };
}
