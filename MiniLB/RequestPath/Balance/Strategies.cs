using MiniLB.Config.Options;

namespace MiniLB.RequestPath.Balance;

/// <summary>Makes the strategy that a configuration names.</summary>
internal static class Strategies
{
    public static BalanceStrategy Create(PoolOptions options, TimeProvider time) => options.Strategy switch
    {
        StrategyName.RoundRobin => new RoundRobinStrategy(),
        StrategyName.LeastConnections => new LeastConnectionsStrategy(),
        StrategyName.Random => new RandomStrategy(Random.Shared),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.Strategy, null),
    };
}
