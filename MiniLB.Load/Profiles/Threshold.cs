using System.Globalization;
using MiniLB.Load.Reports;

namespace MiniLB.Load.Profiles;

/// <summary>What a run must come to.</summary>
internal sealed record Threshold(Metric Metric, double Limit)
{
    /// <summary>Holds a report against it. A figure that the run does not tell does not pass.</summary>
    public ThresholdResult Judge(Report report)
    {
        var value = Metric.Of(report);
        var holds = Metric.IsLeast ? value >= Limit : value <= Limit;
        return new ThresholdResult(
            Metric.Name, Metric.IsLeast ? "at least" : "at most", Limit,
            double.IsNaN(value) ? null : Math.Round(value, 3), holds);
    }
}

/// <summary>A threshold and what it was held against.</summary>
/// <param name="Bound">"at least" or "at most".</param>
/// <param name="Value">Null where the run does not tell.</param>
internal sealed record ThresholdResult(string Metric, string Bound, double Limit, double? Value, bool Holds)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Metric} is {Value?.ToString(CultureInfo.InvariantCulture) ?? "unknown"}, wanted {Bound} {Limit}");
}
