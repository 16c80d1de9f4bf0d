using System.Globalization;
using System.Text;

namespace MiniLB.Load.Reports;

/// <summary>A report as a table for people.</summary>
internal static class ReportTable
{
    private const int NameWidth = 22;

    public static string Of(Report report)
    {
        var table = new StringBuilder();
        Row("requests", $"{report.Requests}");
        Row("answered", $"{report.Answered}");
        Row("failed", $"{report.Failed}");
        if (report.Refused > 0)
        {
            Row("refused, as expected", $"{report.Refused}");
        }

        foreach (var (kind, count) in report.Failures)
        {
            Row("  " + kind, $"{count}");
        }

        Row("seconds", Number(report.Seconds, "0.0") + (report.Interrupted ? ", interrupted" : ""));
        Row("answered per second", Number(report.AnsweredPerSecond, "0.0"));
        if (report.CapacityPerSecond is { } capacity)
        {
            Row("capacity per second", Number(capacity, "0.0"));
        }

        Row("bytes sent, received", $"{report.BytesOut}, {report.BytesIn}");
        if (report.Answered > 0)
        {
            var latency = report.LatencyMs;
            Row("latency p50", Milliseconds(latency.P50));
            Row("latency p95", Milliseconds(latency.P95));
            Row("latency p99", Milliseconds(latency.P99));
            Row("latency p99.9", Milliseconds(latency.P999));
            Row("latency max", Milliseconds(latency.Max));
        }

        foreach (var (name, count) in report.Backends)
        {
            Row("by " + name, $"{count} ({Number(100.0 * count / report.Requests, "0.0")} %)");
        }

        foreach (var threshold in report.Thresholds)
        {
            Row("threshold", $"{threshold}: {(threshold.Holds ? "holds" : "BROKEN")}");
        }

        return table.ToString().TrimEnd();

        void Row(string name, string value) => table.Append(name.PadRight(NameWidth)).Append(value).Append('\n');
    }

    private static string Milliseconds(double value) => Number(value, "0.000") + " ms";

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
