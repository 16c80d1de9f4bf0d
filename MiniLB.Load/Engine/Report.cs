using System.Text.Json;
using System.Text.Json.Serialization;

namespace MiniLB.Load.Engine;

/// <summary>The result of a run as it is printed and written to report.json.</summary>
/// <param name="Interrupted">True where a signal ended the run early.</param>
/// <param name="Failures">Failed requests by kind.</param>
/// <param name="LatencyMs">Of the requests that did not fail.</param>
internal sealed record Report(
    string Scenario,
    Uri Url,
    int Connections,
    double Seconds,
    bool Interrupted,
    long Requests,
    long Failed,
    double RequestsPerSecond,
    long BodyBytes,
    SortedDictionary<string, long> Failures,
    Latencies LatencyMs)
{
    public static Report Of(string scenario, Uri url, LoadProfile profile, LoadResult result, bool interrupted)
    {
        var tally = result.Tally;
        var seconds = result.Elapsed.TotalSeconds;
        return new Report(
            scenario, url, profile.Connections, Math.Round(seconds, 3), interrupted, tally.Requests,
            tally.Failures.Values.Sum(), Math.Round(tally.Requests / seconds, 1), tally.Bytes, tally.Failures,
            Latencies.Of(tally.Latency));
    }

    public void WriteTo(DirectoryInfo folder) => File.WriteAllBytes(
        Path.Combine(folder.FullName, "report.json"),
        JsonSerializer.SerializeToUtf8Bytes(this, ReportJson.Default.Report));
}

/// <summary>What the latencies came to, in milliseconds.</summary>
internal sealed record Latencies(double P50, double P95, double P99, double Max)
{
    public static Latencies Of(LatencyHistogram histogram) => new(
        Milliseconds(histogram.Percentile(0.50)), Milliseconds(histogram.Percentile(0.95)),
        Milliseconds(histogram.Percentile(0.99)), Milliseconds(histogram.Longest));

    private static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 3);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(Report))]
internal sealed partial class ReportJson : JsonSerializerContext;
