using System.Text.Json.Serialization;
using MiniLB.State;

namespace MiniLB.Admin.Stats;

/// <summary>What the process has done and how it stands: what the dashboard and minilb status show.</summary>
internal sealed record StatsDocument
{
    public required DateTimeOffset Time { get; init; }

    public required string Version { get; init; }

    public required double UptimeSeconds { get; init; }

    /// <summary>What /readyz says.</summary>
    public required bool Ready { get; init; }

    /// <summary>Of clients, finished, those included that MiniLB answered itself.</summary>
    public required long Requests { get; init; }

    /// <summary>Requests that were not served, and not through their client's doing.</summary>
    public required long Failures { get; init; }

    public required long Retries { get; init; }

    /// <summary>Connections and requests that were turned away, by reason; none for what never was.</summary>
    public required IReadOnlyDictionary<string, long> Refused { get; init; }

    /// <summary>Requests that backends are serving.</summary>
    public required int InFlight { get; init; }

    /// <summary>Bytes of request bodies.</summary>
    public required long BytesIn { get; init; }

    /// <summary>Bytes of response bodies.</summary>
    public required long BytesOut { get; init; }

    /// <summary>Open connections of clients.</summary>
    public required long Connections { get; init; }

    public required RatesDocument Rates { get; init; }

    public required LatencyDocument Latency { get; init; }

    public required IReadOnlyList<PoolStats> Pools { get; init; }

    /// <summary>What clients are shown.</summary>
    public required IReadOnlyList<CertificateStats> Certificates { get; init; }

    /// <summary>Names whose addresses are backends.</summary>
    public required IReadOnlyList<SourceStats> Sources { get; init; }

    /// <summary>Backends that came alive or ceased to be; the newest first.</summary>
    public required IReadOnlyList<HealthFlip> Flips { get; init; }
}

/// <summary>One pool and its backends.</summary>
internal sealed record PoolStats
{
    public required string Pool { get; init; }

    public required string Strategy { get; init; }

    /// <summary>Requests that wait because every backend has its maxInFlight.</summary>
    public required int Waiting { get; init; }

    public required long Requests { get; init; }

    public required long Failures { get; init; }

    public required long Retries { get; init; }

    public required int InFlight { get; init; }

    public required RatesDocument Rates { get; init; }

    public required LatencyDocument Latency { get; init; }

    public required IReadOnlyList<BackendStats> Backends { get; init; }
}

/// <summary>Requests a second: in the last second, and on average over a minute and a quarter of an hour.</summary>
internal sealed record RatesDocument(double S1, double M1, double M15)
{
    public static RatesDocument Of(IEnumerable<TrafficRates> rates)
    {
        var (second, minute, quarter) = (0.0, 0.0, 0.0);
        foreach (var rate in rates)
        {
            (second, minute, quarter) = (second + rate.Second, minute + rate.Minute, quarter + rate.Quarter);
        }

        return new RatesDocument(Math.Round(second, 3), Math.Round(minute, 3), Math.Round(quarter, 3));
    }
}

/// <summary>Seconds, over the last 30 to 60 seconds; 0 where nothing was served in them.</summary>
/// <remarks>Tunnels do not count.</remarks>
internal sealed record LatencyDocument(double P50, double P90, double P99, double P999)
{
    public static LatencyDocument Of(IEnumerable<TrafficRecord> traffic)
    {
        Span<long> counts = stackalloc long[LatencyBuckets.Count];
        counts.Clear();
        foreach (var record in traffic)
        {
            record.AddRecentTo(counts);
        }

        return new LatencyDocument(
            Of(counts, 0.5), Of(counts, 0.9), Of(counts, 0.99), Of(counts, 0.999));
    }

    private static double Of(ReadOnlySpan<long> counts, double quantile) =>
        Math.Round(LatencyBuckets.Quantile(counts, quantile), 6);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(StatsDocument))]
internal sealed partial class StatsJson : JsonSerializerContext;
