using System.Buffers;
using System.Globalization;
using MiniLB.State;

namespace MiniLB.Admin.Metrics;

/// <summary>Writes metrics as Prometheus's text format 0.0.4 or as OpenMetrics 1.0, and allocates nothing for a
/// line.</summary>
internal sealed class MetricWriter(IBufferWriter<byte> output, bool isOpenMetrics)
{
    // For what takes less than anything that goes over a network.
    private const int FineBounds = 3;

    // The default buckets of Prometheus's clients, extended down: behind a balancer 1 ms is a long time.
    private static readonly (int Ticks, byte[] Text, byte[] OpenMetrics)[] Bounds =
    [
        (1_000, "0.0001"u8.ToArray(), "0.0001"u8.ToArray()),
        (2_500, "0.00025"u8.ToArray(), "0.00025"u8.ToArray()),
        (5_000, "0.0005"u8.ToArray(), "0.0005"u8.ToArray()),
        (10_000, "0.001"u8.ToArray(), "0.001"u8.ToArray()),
        (25_000, "0.0025"u8.ToArray(), "0.0025"u8.ToArray()),
        (50_000, "0.005"u8.ToArray(), "0.005"u8.ToArray()),
        (100_000, "0.01"u8.ToArray(), "0.01"u8.ToArray()),
        (250_000, "0.025"u8.ToArray(), "0.025"u8.ToArray()),
        (500_000, "0.05"u8.ToArray(), "0.05"u8.ToArray()),
        (1_000_000, "0.1"u8.ToArray(), "0.1"u8.ToArray()),
        (2_500_000, "0.25"u8.ToArray(), "0.25"u8.ToArray()),
        (5_000_000, "0.5"u8.ToArray(), "0.5"u8.ToArray()),
        (10_000_000, "1"u8.ToArray(), "1.0"u8.ToArray()),
        (25_000_000, "2.5"u8.ToArray(), "2.5"u8.ToArray()),
        (50_000_000, "5"u8.ToArray(), "5.0"u8.ToArray()),
        (100_000_000, "10"u8.ToArray(), "10.0"u8.ToArray()),
    ];

    public void Begin(MetricFamily family)
    {
        var name = isOpenMetrics ? family.Stem : family.Name;
        output.Write("# HELP "u8);
        output.Write(name);
        output.Write(" "u8);
        output.Write(family.Help);
        output.Write("\n# TYPE "u8);
        output.Write(name);
        output.Write(" "u8);
        output.Write(family.Kind);
        output.Write("\n"u8);
    }

    /// <param name="family">The metric; begun.</param>
    /// <param name="labels">As they stand between the braces; may be empty.</param>
    /// <param name="value">Its value.</param>
    public void Sample(MetricFamily family, ReadOnlySpan<byte> labels, double value)
    {
        output.Write(family.Name);
        Labels(labels);
        Value(value);
    }

    /// <param name="family">The metric; begun.</param>
    /// <param name="labels">As they stand between the braces.</param>
    /// <param name="last">The name of one more label.</param>
    /// <param name="text">Its value, in ASCII, with nothing to escape.</param>
    /// <param name="value">The metric's.</param>
    public void Sample(
        MetricFamily family, ReadOnlySpan<byte> labels, ReadOnlySpan<byte> last, string text, double value)
    {
        output.Write(family.Name);
        output.Write("{"u8);
        output.Write(labels);
        output.Write(labels.IsEmpty ? default : ","u8);
        Label(last, text);
        output.Write("}"u8);
        Value(value);
    }

    /// <summary>A count of requests by the class of their status and by method; none for what never was.</summary>
    public void Requests(MetricFamily family, ReadOnlySpan<byte> labels, TrafficCounters counters)
    {
        for (var @class = 0; @class < TrafficCounters.Classes; @class++)
        {
            for (var method = 0; method < MethodNames.Count; method++)
            {
                if (counters.Of(@class, method) is var count and > 0)
                {
                    output.Write(family.Name);
                    output.Write("{"u8);
                    output.Write(labels);
                    output.Write(","u8);
                    Label("code"u8, CodeClass(@class));
                    output.Write(","u8);
                    Label("method"u8, MethodNames.All[method]);
                    output.Write("}"u8);
                    Value(count);
                }
            }
        }
    }

    public void Histogram(MetricFamily family, ReadOnlySpan<byte> labels, TrafficCounters counters)
    {
        Span<long> counts = stackalloc long[LatencyBuckets.Count];
        counts.Clear();
        // Before the buckets: what is counted meanwhile is missing from it, and never too much.
        var duration = counters.Duration;
        counters.AddBucketsTo(counts);
        Histogram(family, labels, counts, duration, isFine: false);
    }

    /// <param name="family">The metric; begun.</param>
    /// <param name="labels">As they stand between the braces; may be empty.</param>
    /// <param name="counts">By bucket; see <see cref="LatencyBuckets"/>.</param>
    /// <param name="duration">The sum of what was counted.</param>
    /// <param name="isFine">Whether bounds below 1 ms are of interest.</param>
    public void Histogram(
        MetricFamily family, ReadOnlySpan<byte> labels, ReadOnlySpan<long> counts, TimeSpan duration, bool isFine)
    {
        var (sum, next) = (0L, 0);
        foreach (var (ticks, text, openMetrics) in Bounds.AsSpan(isFine ? 0 : FineBounds))
        {
            for (var end = LatencyBuckets.Of(ticks); next <= end; next++)
            {
                sum += counts[next];
            }

            Bucket(family, labels, isOpenMetrics ? openMetrics : text, sum);
        }

        for (; next < counts.Length; next++)
        {
            sum += counts[next];
        }

        Bucket(family, labels, "+Inf"u8, sum);
        output.Write(family.Name);
        output.Write("_sum"u8);
        Labels(labels);
        Value(duration.TotalSeconds);
        output.Write(family.Name);
        output.Write("_count"u8);
        Labels(labels);
        Value(sum);
    }

    public void End() => output.Write(isOpenMetrics ? "# EOF\n"u8 : default);

    public static string CodeClass(int @class) => @class switch
    {
        1 => "1xx",
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        5 => "5xx",
        _ => "none",
    };

    private void Bucket(MetricFamily family, ReadOnlySpan<byte> labels, ReadOnlySpan<byte> bound, long count)
    {
        output.Write(family.Name);
        output.Write("_bucket{"u8);
        output.Write(labels);
        output.Write(labels.IsEmpty ? "le=\""u8 : ",le=\""u8);
        output.Write(bound);
        output.Write("\"}"u8);
        Value(count);
    }

    private void Labels(ReadOnlySpan<byte> labels)
    {
        if (!labels.IsEmpty)
        {
            output.Write("{"u8);
            output.Write(labels);
            output.Write("}"u8);
        }
    }

    private void Label(ReadOnlySpan<byte> name, string text)
    {
        output.Write(name);
        output.Write("=\""u8);
        var span = output.GetSpan(text.Length);
        output.Advance(System.Text.Encoding.ASCII.GetBytes(text, span));
        output.Write("\""u8);
    }

    private void Value(double value)
    {
        const int most = 32;
        var span = output.GetSpan(most);
        span[0] = (byte)' ';
        value.TryFormat(span[1..], out var length, default, CultureInfo.InvariantCulture);
        span[length + 1] = (byte)'\n';
        output.Advance(length + 2);
    }
}
