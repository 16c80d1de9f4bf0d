using MiniLB.Load.Profiles;
using MiniLB.Load.Reports;
using MiniLB.Tests.Load.Reports;

namespace MiniLB.Tests.Load.Profiles;

public sealed class ThresholdTests
{
    private static readonly Report Report = SampleReport.Of(failed: 3);

    [Theory]
    [InlineData("failed", 3, true)]
    [InlineData("failed", 2, false)]
    [InlineData("failedPercent", 0.3, true)]
    [InlineData("failedPercent", 0.29, false)]
    [InlineData("p50Ms", 11, true)]
    [InlineData("p50Ms", 9, false)]
    [InlineData("p95Ms", 20.1, true)]
    [InlineData("p99Ms", 19, false)]
    [InlineData("p999Ms", 19, false)]
    [InlineData("maxMs", 20, true)]
    [InlineData("maxMs", 19.9, false)]
    [InlineData("requests", 1000, true)]
    [InlineData("requests", 1001, false)]
    [InlineData("answeredPerSecond", 100, true)]
    [InlineData("answeredPerSecond", 100.1, false)]
    [InlineData("answeredPercentOfCapacity", 50, true)]
    [InlineData("answeredPercentOfCapacity", 50.1, false)]
    [InlineData("backends", 2, true)]
    [InlineData("backends", 3, false)]
    public void Threshold_HoldsUpToItsLimit(string metric, double limit, bool holds) =>
        Assert.Equal(holds, Of(metric, limit).Judge(Report).Holds);

    [Fact]
    public void EveryMetric_IsInTheTableAbove()
    {
        var rows = typeof(ThresholdTests).GetMethod(nameof(Threshold_HoldsUpToItsLimit))!
            .GetCustomAttributes(typeof(InlineDataAttribute), false)
            .SelectMany(a => ((InlineDataAttribute)a).GetData(null!)).Select(d => (string)d[0]);

        Assert.Equal(Metric.All.Select(m => m.Name).Order(), rows.Distinct().Order());
    }

    [Fact]
    public void FigureThatTheRunDoesNotTell_DoesNotPass()
    {
        var nothing = Report with { Requests = 0, Answered = 0, CapacityPerSecond = null };

        foreach (var metric in new[] { "failedPercent", "p99Ms", "answeredPercentOfCapacity" })
        {
            var result = Of(metric, 0).Judge(nothing);
            Assert.False(result.Holds);
            Assert.Null(result.Value);
        }
    }

    [Fact]
    public void BrokenThreshold_SaysWhatWasFoundAndWanted() => Assert.Equal(
        "failed is 3, wanted at most 0", Of("failed", 0).Judge(Report).ToString());

    private static Threshold Of(string metric, double limit) =>
        new(Metric.All.Single(m => m.Name == metric), limit);
}
