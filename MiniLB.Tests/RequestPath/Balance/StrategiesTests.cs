using MiniLB.Config.Options;
using MiniLB.RequestPath.Balance;

namespace MiniLB.Tests.RequestPath.Balance;

public sealed class StrategiesTests
{
    [Fact]
    public void EveryName_OfTheConfiguration_HasItsStrategy() => Assert.All(Enum.GetValues<StrategyName>(), name =>
        Assert.Equal(name.ToString(), Create(name).Name, ignoreCase: true));

    [Fact]
    public void EachPool_HasItsOwnTurns() =>
        Assert.NotSame(Create(StrategyName.RoundRobin), Create(StrategyName.RoundRobin));

    private static BalanceStrategy Create(StrategyName name) =>
        Strategies.Create(Sample.PoolOptions() with { Strategy = name }, TimeProvider.System);
}
