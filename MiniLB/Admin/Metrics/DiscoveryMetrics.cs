using System.Text;
using MiniLB.Config.Options;
using MiniLB.State;
using static MiniLB.Admin.Metrics.MetricKind;

namespace MiniLB.Admin.Metrics;

/// <summary>What there is to say about each source of backends.</summary>
internal sealed class DiscoveryMetrics(SourceRecords records)
{
    private static readonly MetricFamily Succeeded = new("minilb_discovery_last_success_timestamp_seconds", Gauge,
        "When the source was last looked up without a failure, in seconds since 1970; 0 where it never was.");

    private static readonly MetricFamily Failures = new("minilb_discovery_failures_total", Counter,
        "Look-ups of the source that failed, at all or in part; what was found last stays then.");

    private static readonly MetricFamily Backends = new("minilb_discovery_backends", Gauge,
        "Backends that the source has by now, before duplicates of other sources are left out.");

    public void Write(MetricWriter writer, BalancerOptions options)
    {
        var sources = records.Of(options).Select(s => (Labels: Labels(s.Source), s.Record)).ToArray();
        writer.Begin(Succeeded);
        Array.ForEach(sources, s => writer.Sample(Succeeded, s.Labels, s.Record.SucceededAt?.ToUnixTimeSeconds() ?? 0));
        writer.Begin(Failures);
        Array.ForEach(sources, s => writer.Sample(Failures, s.Labels, s.Record.Failures));
        writer.Begin(Backends);
        Array.ForEach(sources, s => writer.Sample(Backends, s.Labels, s.Record.Backends));
    }

    private static byte[] Labels(BackendSource source) =>
        Encoding.UTF8.GetBytes($"source=\"{MetricLabels.Escaped(source.Key)}\"");
}
