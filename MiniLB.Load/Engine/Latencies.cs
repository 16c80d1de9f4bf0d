namespace MiniLB.Load.Engine;

/// <summary>What latencies came to, in milliseconds.</summary>
internal sealed record Latencies(double Mean, double P50, double P75, double P95, double P99, double P999, double Max)
{
    public static Latencies Of(LatencyHistogram histogram) => new(
        Milliseconds(histogram.Mean), Milliseconds(histogram.Percentile(0.50)),
        Milliseconds(histogram.Percentile(0.75)), Milliseconds(histogram.Percentile(0.95)),
        Milliseconds(histogram.Percentile(0.99)), Milliseconds(histogram.Percentile(0.999)),
        Milliseconds(histogram.Longest));

    private static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 3);
}
