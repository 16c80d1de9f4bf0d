using MiniLB.RequestPath.Balance;

namespace MiniLB.Tests.RequestPath.Balance;

public sealed class RandomStrategyTests
{
    private readonly RandomStrategy _strategy = new(new Random(1));

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(5, 3, 2)]
    [InlineData(256, 255, 1)]
    public void Shares_AreTheWeights_WithinFourDeviations(params int[] weights)
    {
        const int Many = 100_000;
        var counts = _strategy.Count(_strategy.Pool(weights), Many);

        for (var i = 0; i < weights.Length; i++)
        {
            Picks.AssertShare(Many * weights[i] / weights.Sum(), counts[i], Many);
        }
    }

    [Fact]
    public void Failover_SharesAmongThoseThatAreLeftByTheirWeights()
    {
        var pool = _strategy.Pool(8, 3, 1);
        var request = new PickRequest(default(BackendSet).With(pool.All[0]), 0);

        var seconds = Enumerable.Range(0, 10_000).Count(_ => _strategy.Pick(pool, request) == pool.All[1]);

        Picks.AssertShare(7_500, seconds, 10_000);
    }
}
