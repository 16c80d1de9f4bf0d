using System.Text.Json;
using MiniLB.State;

namespace MiniLB.Admin.Stats;

/// <summary>Shows the counters of this moment as JSON.</summary>
internal sealed class StatsAnswers(World world, Lifecycle lifecycle)
{
    public OwnAnswer Answer() => OwnAnswer.Json(Document(), StatsJson.Default.StatsDocument);

    /// <summary>The same for the stream of events.</summary>
    public byte[] Bytes() => Answer().Body;

    internal StatsDocument Document()
    {
        var (statistics, pools) = (world.Statistics, world.Current.Pools);
        TrafficRecord[] all = [statistics.Own, .. pools.Select(p => p.Traffic)];
        return new StatsDocument
        {
            Time = statistics.Now,
            Version = ProgramVersion.Text,
            UptimeSeconds = Math.Round(statistics.Uptime.TotalSeconds, 3),
            Ready = lifecycle.IsReady,
            Requests = all.Sum(t => t.Counters.Count),
            Failures = all.Sum(t => t.Counters.FailureCount),
            Retries = all.Sum(t => t.Counters.RetryCount),
            Refused = Refused(statistics.Refusals),
            InFlight = pools.Sum(p => p.InFlight),
            BytesIn = all.Sum(t => t.Counters.BytesReceived),
            BytesOut = all.Sum(t => t.Counters.BytesSent),
            Connections = statistics.Connections.Count,
            Rates = RatesDocument.Of(all.Select(t => t.Rates)),
            Latency = LatencyDocument.Of(all),
            Pools = [.. pools.Select(Of)],
            Certificates = [.. world.Current.Options.Certificates.Select(CertificateStats.Of)],
            Sources = [.. statistics.Sources.Of(world.Current.Options).Select(s => SourceStats.Of(s.Source, s.Record))],
            Flips = statistics.Health.Flips,
        };
    }

    private static Dictionary<string, long> Refused(Refusals refusals) => Refusals.Reasons
        .Select((reason, i) => KeyValuePair.Create(reason, refusals.Of((Refusal)i)))
        .Where(r => r.Value > 0).ToDictionary();

    private PoolStats Of(PoolSnapshot pool) => new()
    {
        Pool = pool.Options.Name,
        Strategy = JsonNamingPolicy.CamelCase.ConvertName(pool.Options.Strategy.ToString()),
        Waiting = pool.Waiting.Now,
        Requests = pool.Traffic.Counters.Count,
        Failures = pool.Traffic.Counters.FailureCount,
        Retries = pool.Traffic.Counters.RetryCount,
        InFlight = pool.InFlight,
        Rates = RatesDocument.Of([pool.Traffic.Rates]),
        Latency = LatencyDocument.Of([pool.Traffic]),
        Backends = [.. pool.All.Select(b => BackendStats.Of(world, pool, b))],
    };
}
