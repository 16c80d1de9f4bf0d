using System.Globalization;
using System.Text;
using BenchmarkDotNet.Reports;

namespace MiniLB.Load.Picks;

/// <summary>The figures of a benchmark of picks: a line for each strategy and number of threads.</summary>
internal static class PickTable
{
    private const int NameWidth = 34;
    private const int FigureWidth = 10;

    public static string Of(Summary summary)
    {
        var figures = summary.Reports.Where(r => r.Success).Select(FigureOf).ToArray();
        var columns = figures.Select(f => (f.Backends, f.What)).Distinct().Order().ToArray();
        var table = new StringBuilder();
        Line(
            "ns per pick of one thread", columns.Select(c => c.Backends.ToString(CultureInfo.InvariantCulture)), "bytes");
        Line("", columns.Select(c => c.What), "");
        foreach (var row in figures.GroupBy(f => (f.Strategy, f.Threads)))
        {
            Line(
                $"{row.Key.Strategy}, {row.Key.Threads} thread{(row.Key.Threads == 1 ? "" : "s")}",
                columns.Select(c => Nanoseconds(row.FirstOrDefault(f => (f.Backends, f.What) == c)?.Nanoseconds)),
                row.Max(f => f.Bytes).ToString(CultureInfo.InvariantCulture));
        }

        return table.ToString().TrimEnd();

        void Line(string name, IEnumerable<string> cells, string last)
        {
            table.Append(name.PadRight(NameWidth));
            foreach (var cell in cells.Append(last))
            {
                table.Append(cell.PadLeft(FigureWidth));
            }

            table.Append('\n');
        }
    }

    private static Figure FigureOf(BenchmarkReport report)
    {
        var parameters = report.BenchmarkCase.Parameters;
        return new Figure(
            (string)parameters[nameof(PickBenchmark.Strategy)],
            (int)parameters[nameof(PickBenchmark.Threads)],
            (int)parameters[nameof(PickBenchmark.Backends)],
            report.BenchmarkCase.Descriptor.WorkloadMethod.Name,
            report.ResultStatistics!.Median,
            report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? 0);
    }

    private static string Nanoseconds(double? value) => value?.ToString("0.0", CultureInfo.InvariantCulture) ?? "-";

    private sealed record Figure(
        string Strategy, int Threads, int Backends, string What, double Nanoseconds, long Bytes);
}
