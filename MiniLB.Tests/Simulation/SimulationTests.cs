using System.Diagnostics;
using MiniLB.Config.Options;
using Xunit.Abstractions;

namespace MiniLB.Tests.Simulation;

/// <summary>A hundred backends under 100,000 requests a second of simulated time, with slow spells, sick backends and
/// an outage of all.</summary>
[Collection(nameof(SimulationAlone))]
public sealed class SimulationTests(ITestOutputHelper output)
{
    private const int Backends = 100;

    private static readonly TimeSpan Between = TimeSpan.FromMicroseconds(10);

    [Fact]
    public void TenMillionRequests_OverGoodAndBadTimes_RoundRobin() => Run(StrategyName.RoundRobin, 1_000_000);

    [Theory]
    [InlineData("LeastConnections")]
    [InlineData("IpHash")]
    [InlineData("ConsistentHash")]
    [InlineData("Random")]
    [InlineData("PowerOfTwo")]
    [InlineData("PeakEwma")]
    public void HalfAMillionRequests_OverGoodAndBadTimes(string strategy) =>
        Run(Enum.Parse<StrategyName>(strategy), 50_000);

    /// <param name="strategy">What picks.</param>
    /// <param name="part">A tenth of all requests.</param>
    private void Run(StrategyName strategy, int part)
    {
        var watch = Stopwatch.StartNew();
        var pool = new SimulatedPool(strategy, Backends);
        var usual = TimeSpan.FromMilliseconds(10);

        var good = pool.Run(3 * part, Between);
        Assert.Equal(0, good.Failed);
        Assert.Equal(good.Requests, good.Sends);
        // Hashes share keys, not requests; random draws have a standard deviation of 1 to 3 % here.
        var tolerance = strategy == StrategyName.RoundRobin ? 0.0001 : 0.35;
        var fair = good.Requests / (double)Backends;
        Assert.All(good.Shares, s => Assert.InRange(s, fair * (1 - tolerance), fair * (1 + tolerance)));

        pool.Serves = b => b.Index < 10 ? usual * 10 : usual;
        var slow = pool.Run(part, Between);
        Assert.Equal(0, slow.Failed);

        pool.Serves = b => b.Index < 20 ? null : usual;
        var sick = pool.Run(part, Between);
        // Each sick backend fails at most the requests that it has when it is found out, and they go elsewhere.
        Assert.InRange(sick.Failed, 0, sick.Requests / 100);
        Assert.InRange(sick.Amplification, 1, 1.2);

        // Measured once those are over that were under way when it began.
        pool.Serves = _ => null;
        pool.Run(part / 5, Between);
        var outage = pool.Run(part, Between);
        // 1.2, and the second sends of a few that had arrived before.
        Assert.InRange(outage.Amplification, 1, 1.205);

        pool.Serves = _ => usual;
        var recovery = pool.Run(2 * part, TimeSpan.FromSeconds(60) / (2 * part));
        var after = pool.Run(2 * part, Between);
        pool.Drain();

        Assert.Equal(0, after.Failed);
        Assert.All(after.Shares, s => Assert.InRange(s, after.Requests / (double)Backends / 20, after.Requests));
        Assert.Equal((0, 0), (pool.Pool.InFlight, pool.RetriesHeld));
        output.WriteLine($"{strategy}: {10 * part:N0} requests in {watch.Elapsed.TotalSeconds:0.0} s; shares in good "
            + $"times {good.Shares.Min() / fair:0.000} to {good.Shares.Max() / fair:0.000}; slow ones got "
            + $"{slow.Shares.Take(10).Sum() / (slow.Requests * 0.1):0.00} of theirs; 20 sick: {sick.Failed} failed, "
            + $"amplification {sick.Amplification:0.000}; outage {outage.Amplification:0.0000}; "
            + $"recovery: {recovery.Failed} failed");
    }
}
