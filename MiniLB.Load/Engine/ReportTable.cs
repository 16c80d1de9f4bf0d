using System.Globalization;
using System.Text;

namespace MiniLB.Load.Engine;

/// <summary>A report as a table for people.</summary>
internal static class ReportTable
{
    private const int NameWidth = 22;

    public static string Of(Report report)
    {
        var table = new StringBuilder();
        Row("requests", $"{report.Requests}");
        Row("failed", $"{report.Failed}");
        foreach (var (kind, count) in report.Failures)
        {
            Row("  " + kind, $"{count}");
        }

        Row("seconds", string.Create(CultureInfo.InvariantCulture,
            $"{report.Seconds:0.0}{(report.Interrupted ? ", interrupted" : "")}"));
        Row("requests per second", report.RequestsPerSecond.ToString("0.0", CultureInfo.InvariantCulture));
        Row("bytes of bodies", $"{report.BodyBytes}");
        if (report.Requests > report.Failed)
        {
            Row("latency p50", Milliseconds(report.LatencyMs.P50));
            Row("latency p95", Milliseconds(report.LatencyMs.P95));
            Row("latency p99", Milliseconds(report.LatencyMs.P99));
            Row("latency max", Milliseconds(report.LatencyMs.Max));
        }

        return table.ToString().TrimEnd();

        void Row(string name, string value) => table.Append(name.PadRight(NameWidth)).Append(value).Append('\n');
    }

    private static string Milliseconds(double value) => value.ToString("0.000", CultureInfo.InvariantCulture) + " ms";
}
