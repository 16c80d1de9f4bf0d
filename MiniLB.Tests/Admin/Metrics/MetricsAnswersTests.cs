using System.Buffers;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using MiniLB.Admin.Metrics;
using MiniLB.RequestPath.Balance;
using MiniLB.RequestPath.Summarize;
using MiniLB.State;

namespace MiniLB.Tests.Admin.Metrics;

public sealed partial class MetricsAnswersTests
{
    private readonly World _world = Sample.World(1, 1);

    [Fact]
    public void Documentation_NamesEveryMetricWithItsKind_AndNoOther()
    {
        var root = typeof(MetricsAnswersTests).Assembly
            .GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "SourceFolder").Value!;
        var documented = DocumentedMetric().Matches(File.ReadAllText(Path.Combine(root, "docs", "metrics.md")))
            .Select(m => (m.Groups[1].Value, m.Groups[2].Value));

        var written = TypeLine().Matches(Text(null)).Select(m => (m.Groups[1].Value, m.Groups[2].Value)).ToArray();

        Assert.True(written.Length > 30);
        Assert.Equal(written.Order(), documented.Order());
    }

    [Fact]
    public void Text_HasEveryFamilyOnce()
    {
        var names = TypeLine().Matches(Text(null)).Select(m => m.Groups[1].Value).ToArray();

        Assert.Equal(names.Distinct(), names);
    }

    [Theory]
    [InlineData(null, "text/plain; version=0.0.4; charset=utf-8")]
    [InlineData("*/*", "text/plain; version=0.0.4; charset=utf-8")]
    [InlineData("application/openmetrics-text;version=1.0.0;q=0.5,text/plain;q=0.2",
        "application/openmetrics-text; version=1.0.0; charset=utf-8")]
    public void Type_IsWhatTheAskerKnows(string? accept, string type)
    {
        Assert.Equal(type, Answers().Answer(accept).ContentType);
        Assert.Equal(type.Contains("openmetrics", StringComparison.Ordinal),
            Text(accept).EndsWith("# EOF\n", StringComparison.Ordinal));
    }

    [Fact]
    public void OpenMetrics_NamesACountersFamilyWithoutItsEnd()
    {
        var text = Text("application/openmetrics-text");

        Assert.Contains("# TYPE minilb_retries counter\n", text, StringComparison.Ordinal);
        Assert.Contains("\nminilb_retries_total{pool=\"default\"} 0\n", text, StringComparison.Ordinal);
        Assert.Contains(",le=\"1.0\"} ", text, StringComparison.Ordinal);
        Assert.Contains(",le=\"1\"} ", Text(null), StringComparison.Ordinal);
    }

    [Fact]
    public void Pauses_AreCountedBelowAMillisecondToo()
    {
        _world.Statistics.Pauses.Note(2, TimeSpan.FromMicroseconds(400));
        _world.Statistics.Pauses.Note(3, TimeSpan.FromMicroseconds(1_900));

        var text = Text(null);

        Assert.Contains("\nminilb_gc_pause_seconds_bucket{le=\"0.0001\"} 0\n", text, StringComparison.Ordinal);
        Assert.Contains("\nminilb_gc_pause_seconds_bucket{le=\"0.00025\"} 2\n", text, StringComparison.Ordinal);
        Assert.Contains("\nminilb_gc_pause_seconds_bucket{le=\"0.001\"} 2\n", text, StringComparison.Ordinal);
        Assert.Contains("\nminilb_gc_pause_seconds_bucket{le=\"0.0025\"} 3\n", text, StringComparison.Ordinal);
        Assert.Contains("\nminilb_gc_pause_seconds_sum 0.0019\n", text, StringComparison.Ordinal);
        Assert.Contains("\nminilb_gc_pause_seconds_count 3\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Histogram_CountsUpToEachBound()
    {
        foreach (var milliseconds in new[] { 1, 2, 2, 70, 20_000 })
        {
            _world.Current.DefaultPool.Traffic.Counters.Add(
                new Served(2, 0, milliseconds * TimeSpan.TicksPerMillisecond));
        }

        var text = Text(null);

        const string name = "\nminilb_request_duration_seconds";
        foreach (var (bound, count) in new[]
            { ("0.001", 1), ("0.0025", 3), ("0.05", 3), ("0.1", 4), ("10", 4), ("+Inf", 5) })
        {
            Assert.Contains($"{name}_bucket{{pool=\"default\",le=\"{bound}\"}} {count}\n", text,
                StringComparison.Ordinal);
        }

        Assert.Contains($"{name}_sum{{pool=\"default\"}} 20.075\n", text, StringComparison.Ordinal);
        Assert.Contains($"{name}_count{{pool=\"default\"}} 5\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void LabelValue_IsEscaped() => Assert.Equal("a\\\\b\\\"c\\nd", MetricLabels.Escaped("a\\b\"c\nd"));

    [Fact]
    public void Series_OfBackends_CostNoMemoryWhenWritten()
    {
        // What the process section asks the system for is the same however many backends there are.
        var (few, many) = (Sample.World(Weights(1)), Sample.World(Weights(200)));

        var difference = Written(many) - Written(few);

        Assert.InRange(difference, long.MinValue, 199 * 8);
    }

    private static int[] Weights(int count) => [.. Enumerable.Repeat(1, count)];

    private static long Written(World world)
    {
        _ = new TrafficMeter(world.Statistics);
        var answers = new MetricsAnswers(world, new Lifecycle());
        var output = new ArrayBufferWriter<byte>(4 << 20);
        return Allocated.By(() =>
        {
            output.ResetWrittenCount();
            answers.Answer(null).Pieces!(output);
        });
    }

    private MetricsAnswers Answers()
    {
        _ = new TrafficMeter(_world.Statistics);
        return new MetricsAnswers(_world, new Lifecycle());
    }

    private string Text(string? accept)
    {
        var output = new ArrayBufferWriter<byte>();
        Answers().Answer(accept).Pieces!(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    [GeneratedRegex(@"^# TYPE (\S+) (\S+)$", RegexOptions.Multiline)]
    private static partial Regex TypeLine();

    [GeneratedRegex(@"^\| `(minilb_\w+)` \| (\w+) \|", RegexOptions.Multiline)]
    private static partial Regex DocumentedMetric();
}
