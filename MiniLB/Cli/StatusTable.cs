using System.Globalization;
using System.Text;
using MiniLB.Admin.Stats;

namespace MiniLB.Cli;

/// <summary>Lays out how an instance stands: a line for it, and for each pool a line and a table of its
/// backends.</summary>
internal static class StatusTable
{
    private const int Left = 2;

    private static readonly string[] Heads =
        ["BACKEND", "STATE", "SINCE", "SHARE", "REQ/S", "P50", "P99", "IN FLIGHT", "CONNS", "REQUESTS", "FAILED", ""];

    /// <param name="stats">What the instance says.</param>
    /// <param name="only">The pool to show; null for all.</param>
    /// <param name="colors">How states look.</param>
    /// <returns>Lines that each end with a line feed.</returns>
    public static string Of(StatsDocument stats, string? only, StatusColors colors)
    {
        var text = new StringBuilder();
        var ready = stats.Ready ? "ready" : "not ready";
        Line(text, $"minilb {stats.Version}, {ready}, up for {Age(stats.UptimeSeconds)}: "
            + $"{Rate(stats.Rates.S1)} req/s, p50 {Time(stats.Latency.P50)}, p99 {Time(stats.Latency.P99)}, "
            + $"{Count(stats.Requests)} requests, {Count(stats.Failures)} failed, {Count(stats.Retries)} retried, "
            + $"{Count(stats.Refused.Values.Sum())} refused, "
            + $"{Count(stats.InFlight)} in flight, {Count(stats.Connections)} connections");
        foreach (var pool in stats.Pools.Where(p => only is null || p.Pool == only))
        {
            text.Append('\n');
            Line(text, $"{colors.Bold(Plain(pool.Pool))}  {pool.Strategy}, "
                + $"{pool.Backends.Count(b => b.State == "up")} of {pool.Backends.Count} up, "
                + $"{Rate(pool.Rates.S1)} req/s, {Count(pool.InFlight)} in flight, {Count(pool.Waiting)} waiting");
            Table(text, [.. pool.Backends.Select(b => (b.State, Cells(b, stats.Time)))], colors);
        }

        text.Append(stats.Sources.Count > 0 ? "\n" : "");
        foreach (var source in stats.Sources)
        {
            var age = source.SucceededAt is { } at
                ? $"looked up {Age((stats.Time - at).TotalSeconds)} ago"
                : "never looked up";
            Line(text, $"{Plain(source.Source)}  {Count(source.Backends)} backends, {age}"
                + (source.Problem is { } problem ? $", now it cannot be: {Plain(problem)}" : ""));
        }

        return text.ToString();
    }

    private static string[] Cells(BackendStats b, DateTimeOffset now) =>
    [
        Plain(b.Url) + (b.Weight == 1 ? "" : $" x{b.Weight}") + (b.Backup ? " backup" : ""),
        b.State,
        Age((now - b.Since).TotalSeconds),
        string.Create(CultureInfo.InvariantCulture, $"{b.Share * 100:0}%"),
        Rate(b.Rates.S1),
        Time(b.Latency.P50),
        Time(b.Latency.P99),
        Count(b.InFlight),
        Count(b.Connections),
        Count(b.Requests),
        Count(b.Failures),
        b.State is "up" or "draining" or "disabled" ? "" : Plain(b.Reason ?? ""),
    ];

    private static void Table(StringBuilder text, (string State, string[] Cells)[] rows, StatusColors colors)
    {
        var widths = Heads.Select((h, i) => rows.Select(r => r.Cells[i].Length).Append(h.Length).Max()).ToArray();
        Line(text, colors.Dim("  " + string.Join("  ", Heads.Select((h, i) => Padded(h, i, widths))).TrimEnd()));
        foreach (var (state, cells) in rows)
        {
            var padded = cells.Select((c, i) => i == 1 ? colors.Of(Padded(c, i, widths), state) : Padded(c, i, widths));
            Line(text, "  " + string.Join("  ", padded).TrimEnd());
        }
    }

    // Words stand on the left, numbers on the right.
    private static string Padded(string cell, int column, int[] widths) =>
        column < Left ? cell.PadRight(widths[column])
        : column == Heads.Length - 1 ? cell
        : cell.PadLeft(widths[column]);

    private static void Line(StringBuilder text, string line) => text.Append(line).Append('\n');

    private static string Count(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Rate(double perSecond) =>
        perSecond.ToString(perSecond >= 100 ? "0" : "0.0", CultureInfo.InvariantCulture);

    private static string Time(double seconds) => seconds switch
    {
        0 => "-",
        < 0.01 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1000:0.00}ms"),
        < 1 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1000:0}ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0}s"),
    };

    private static string Age(double seconds) => seconds switch
    {
        < 90 => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, seconds):0}s"),
        < 5400 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0}m"),
        < 129600 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:0}h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 86400:0}d"),
    };

    // What backends and configurations say may not steer the terminal.
    private static string Plain(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '?' : c));
}
