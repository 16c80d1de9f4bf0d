using System.Text;

namespace MiniLB.Admin.Metrics;

/// <summary>One metric: its name, its kind and what it says. docs/metrics.md lists them all.</summary>
internal sealed class MetricFamily(string name, MetricKind kind, string help)
{
    /// <summary>A counter's ends in _total.</summary>
    public byte[] Name { get; } = Encoding.ASCII.GetBytes(name);

    /// <summary>As OpenMetrics names the family: a counter's without its end.</summary>
    public byte[] Stem { get; } = Encoding.ASCII.GetBytes(
        kind == MetricKind.Counter ? name[..^"_total".Length] : name);

    public byte[] Kind { get; } = Encoding.ASCII.GetBytes(kind switch
    {
        MetricKind.Counter => "counter",
        MetricKind.Histogram => "histogram",
        _ => "gauge",
    });

    public byte[] Help { get; } = Encoding.UTF8.GetBytes(help);
}

/// <summary>What may become of a metric's value.</summary>
internal enum MetricKind
{
    /// <summary>It only grows.</summary>
    Counter,
    Gauge,
    Histogram,
}
