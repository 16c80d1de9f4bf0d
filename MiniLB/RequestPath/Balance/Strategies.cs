using MiniLB.Config.Options;

namespace MiniLB.RequestPath.Balance;

/// <summary>Makes the strategy that a configuration names.</summary>
internal static class Strategies
{
    public static BalanceStrategy Create(StrategyName name) => name switch
    {
        StrategyName.RoundRobin => new RoundRobinStrategy(),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };
}
