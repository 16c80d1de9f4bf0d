using System.Text.Json;
using System.Text.Json.Serialization;
using MiniLB.Load.Engine;
using MiniLB.Load.Profiles;

namespace MiniLB.Load.Reports;

/// <summary>The result of a run as it is printed and written to report.json and report.html.</summary>
internal sealed record Report
{
    public required string Scenario { get; init; }

    /// <summary>Who started the requests: built-in, or NBomber.</summary>
    public required string Engine { get; init; }

    public required Uri Url { get; init; }

    /// <summary>True where our own backends and balancer were the target.</summary>
    public required bool Self { get; init; }

    public required DateTimeOffset Started { get; init; }

    /// <summary>From the first request that counts to the end of the last.</summary>
    public required double Seconds { get; init; }

    /// <summary>True where a signal ended the run early.</summary>
    public required bool Interrupted { get; init; }

    /// <summary>What the load was to be, warm-up excluded.</summary>
    public required IReadOnlyList<ReportStage> Stages { get; init; }

    /// <summary>Answers a second that were measured before the run; null where the profile does not ask.</summary>
    public double? CapacityPerSecond { get; init; }

    public required long Requests { get; init; }

    public required long Answered { get; init; }

    public required long Failed { get; init; }

    /// <summary>Failures that the profile expects.</summary>
    public required long Refused { get; init; }

    public required double AnsweredPerSecond { get; init; }

    public required long BytesOut { get; init; }

    public required long BytesIn { get; init; }

    /// <summary>Failed and refused requests by kind.</summary>
    public required SortedDictionary<string, long> Failures { get; init; }

    /// <summary>Requests by who answered.</summary>
    public required SortedDictionary<string, long> Backends { get; init; }

    /// <summary>Of the requests that were answered.</summary>
    public required Latencies LatencyMs { get; init; }

    public required IReadOnlyList<DistributionBucket> Distribution { get; init; }

    public required IReadOnlyList<Interval> Timeline { get; init; }

    public required IReadOnlyList<RunEvent> Events { get; init; }

    /// <summary>What went wrong with the run itself, such as a restart that was not finished; empty where
    /// nothing.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    public IReadOnlyList<ThresholdResult> Thresholds { get; init; } = [];

    /// <summary>Every threshold holds, and the run did what it was to do.</summary>
    public bool Passed => Requests > 0 && Problems.Count == 0 && Thresholds.All(t => t.Holds);

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, ReportJson.Default.Report);
}

/// <summary>A stage of the profile.</summary>
internal sealed record ReportStage(string Shape, double From, double To, double Seconds)
{
    public static ReportStage Of(LoadStage stage) => new(
        stage.Shape switch { LoadShape.Open => "rate", LoadShape.Closed => "connections", _ => "pause" },
        Math.Round(stage.From, 1), Math.Round(stage.To, 1), Math.Round(stage.Time.TotalSeconds, 3));
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(Report))]
internal sealed partial class ReportJson : JsonSerializerContext;
