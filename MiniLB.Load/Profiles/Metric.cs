using MiniLB.Load.Reports;

namespace MiniLB.Load.Profiles;

/// <summary>A figure of a report that can be held against a limit.</summary>
/// <param name="Name">The key in a profile.</param>
/// <param name="IsLeast">True where the limit is the least that will do, else it is the most.</param>
/// <param name="Of">Reads it; not a number where the run does not tell.</param>
internal sealed record Metric(string Name, bool IsLeast, Func<Report, double> Of)
{
    public static readonly IReadOnlyList<Metric> All =
    [
        new("failed", false, r => r.Failed),
        new("failedPercent", false, r => r.Requests == 0 ? double.NaN : 100.0 * r.Failed / r.Requests),
        new("p50Ms", false, r => Latency(r, r.LatencyMs.P50)),
        new("p95Ms", false, r => Latency(r, r.LatencyMs.P95)),
        new("p99Ms", false, r => Latency(r, r.LatencyMs.P99)),
        new("p999Ms", false, r => Latency(r, r.LatencyMs.P999)),
        new("maxMs", false, r => Latency(r, r.LatencyMs.Max)),
        new("requests", true, r => r.Requests),
        new("answeredPerSecond", true, r => r.AnsweredPerSecond),
        new("answeredPercentOfCapacity", true, r =>
            r.CapacityPerSecond is { } capacity ? 100 * r.AnsweredPerSecond / capacity : double.NaN),
        new("backends", true, r => r.Backends.Count),
    ];

    private static double Latency(Report report, double value) => report.Answered == 0 ? double.NaN : value;
}
