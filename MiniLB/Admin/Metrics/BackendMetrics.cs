using MiniLB.State;
using static MiniLB.Admin.Metrics.MetricKind;

namespace MiniLB.Admin.Metrics;

/// <summary>What there is to say about each backend.</summary>
internal sealed class BackendMetrics(Statistics statistics, MetricLabels labels)
{
    private static readonly MetricFamily Requests = new("minilb_backend_requests_total", Counter,
        "Attempts that have ended, by the class of the answer; code is none where the attempt failed.");

    private static readonly MetricFamily Failures = new("minilb_backend_failures_total", Counter,
        "Attempts that failed, by the access log's word for why.");

    private static readonly MetricFamily Duration = new("minilb_backend_request_duration_seconds", Histogram,
        "From the pick of the backend to the end of its answer; tunnels and failed attempts do not count.");

    private static readonly MetricFamily States = new("minilb_backend_state", Gauge,
        "1 for the state that it is in, else 0.");

    private static readonly (MetricFamily Family, Func<PoolSnapshot, Backend, double> Value)[] Values =
    [
        (new("minilb_backend_request_body_bytes_total", Counter, "Bytes of the bodies of requests that it ended."),
            (_, b) => b.Counters.Traffic.Counters.BytesReceived),
        (new("minilb_backend_response_body_bytes_total", Counter, "Bytes of the bodies that it answered with."),
            (_, b) => b.Counters.Traffic.Counters.BytesSent),
        (new("minilb_backend_retries_total", Counter, "Attempts at it after the request had failed before."),
            (_, b) => b.Counters.Traffic.Counters.RetryCount),
        (new("minilb_backend_in_flight_requests", Gauge, "Requests that it is serving, tunnels included."),
            (_, b) => b.InFlight),
        (new("minilb_backend_connections", Gauge, "Open connections to it, kept ones included, probes not."),
            (_, b) => b.Connections),
        (new("minilb_backend_tunnels", Gauge, "Open tunnels to it."), (_, b) => b.Tunnels.Count),
        (new("minilb_backend_up", Gauge, "1 while its probes pass."), (p, b) => p[b].IsUp ? 1 : 0),
        (new("minilb_backend_available", Gauge, "1 while it may be given any request."),
            (p, b) => p[b].IsAvailable ? 1 : 0),
        (new("minilb_backend_ejected", Gauge, "1 while its failures keep it out of rotation."),
            (p, b) => p[b].Ejection is null ? 0 : 1),
        (new("minilb_backend_circuit_open", Gauge, "1 while its circuit is open."),
            (p, b) => p[b].IsCircuitOpen ? 1 : 0),
        (new("minilb_backend_weight", Gauge, "Its weight of now."), (p, b) => p[b].Weight),
        (new("minilb_backend_health_flips_total", Counter, "How often it has come alive or ceased to be."),
            (_, b) => b.Counters.Health.Flips),
    ];

    public void Write(MetricWriter writer, PoolSnapshot[] pools)
    {
        Each(writer, Requests, pools, WriteRequests);
        Each(writer, Failures, pools, WriteFailures);
        Each(writer, Duration, pools, static (w, _, b, of) => w.Histogram(Duration, of, b.Counters.Traffic.Counters));
        Each(writer, States, pools, WriteStates);
        foreach (var (family, value) in Values)
        {
            writer.Begin(family);
            foreach (var pool in pools)
            {
                foreach (var backend in pool.All)
                {
                    writer.Sample(family, labels.Of(pool, backend), value(pool, backend));
                }
            }
        }
    }

    private void Each(
        MetricWriter writer, MetricFamily family, PoolSnapshot[] pools,
        Action<MetricWriter, PoolSnapshot, Backend, byte[]> write)
    {
        writer.Begin(family);
        foreach (var pool in pools)
        {
            foreach (var backend in pool.All)
            {
                write(writer, pool, backend, labels.Of(pool, backend));
            }
        }
    }

    private static void WriteRequests(MetricWriter writer, PoolSnapshot pool, Backend backend, byte[] of)
    {
        for (var @class = 0; @class < TrafficCounters.Classes; @class++)
        {
            if (backend.Counters.Traffic.Counters.OfClass(@class) is var count and > 0)
            {
                writer.Sample(Requests, of, "code"u8, MetricWriter.CodeClass(@class), count);
            }
        }
    }

    private void WriteFailures(MetricWriter writer, PoolSnapshot pool, Backend backend, byte[] of)
    {
        for (var reason = 0; reason < statistics.Reasons.Count; reason++)
        {
            if (backend.Counters.Traffic.Counters.OfReason(reason) is var count and > 0)
            {
                writer.Sample(Failures, of, "reason"u8, statistics.Reasons[reason], count);
            }
        }
    }

    private static void WriteStates(MetricWriter writer, PoolSnapshot pool, Backend backend, byte[] of)
    {
        var state = (int)BackendStates.Of(pool[backend]);
        for (var i = 0; i < BackendStates.Words.Length; i++)
        {
            writer.Sample(States, of, "state"u8, BackendStates.Words[i], i == state ? 1 : 0);
        }
    }
}
