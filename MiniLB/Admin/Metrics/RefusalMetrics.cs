using MiniLB.State;
using static MiniLB.Admin.Metrics.MetricKind;

namespace MiniLB.Admin.Metrics;

/// <summary>What there is to say about clients that were turned away.</summary>
internal sealed class RefusalMetrics(Refusals refusals)
{
    private static readonly MetricFamily Refused = new("minilb_refusals_total", Counter,
        "Connections and requests of clients that were turned away, by reason.");

    private static readonly MetricFamily DryRun = new("minilb_rate_limit_dry_run_total", Counter,
        "Requests over a rate limit that only counts.");

    public void Write(MetricWriter writer)
    {
        writer.Begin(Refused);
        for (var i = 0; i < Refusals.Reasons.Count; i++)
        {
            writer.Sample(Refused, default, "reason"u8, Refusals.Reasons[i], refusals.Of((Refusal)i));
        }

        writer.Begin(DryRun);
        writer.Sample(DryRun, default, refusals.DryRun);
    }
}
