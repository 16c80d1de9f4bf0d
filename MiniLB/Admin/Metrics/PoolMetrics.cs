using MiniLB.State;
using static MiniLB.Admin.Metrics.MetricKind;

namespace MiniLB.Admin.Metrics;

/// <summary>What there is to say about each pool.</summary>
internal sealed class PoolMetrics(Statistics statistics, MetricLabels labels)
{
    private static readonly MetricFamily Requests = new("minilb_requests_total", Counter,
        "Requests of clients that have ended; pool is empty where MiniLB answered itself, code none where the client"
        + " had gone.");

    private static readonly MetricFamily Duration = new("minilb_request_duration_seconds", Histogram,
        "From the head of a request to the end of its answer; tunnels and requests without an answer do not count.");

    private static readonly MetricFamily Failures = new("minilb_request_failures_total", Counter,
        "Requests that did not end well, by the access log's word for why.");

    private static readonly (MetricFamily Family, Func<PoolSnapshot, double> Value)[] Values =
    [
        (new("minilb_request_body_bytes_total", Counter,
            "Bytes of request bodies, and of the clients' side of tunnels."), p => p.Traffic.Counters.BytesReceived),
        (new("minilb_response_body_bytes_total", Counter,
            "Bytes of response bodies, and of the backends' side of tunnels."), p => p.Traffic.Counters.BytesSent),
        (new("minilb_retries_total", Counter, "Attempts after the first of their request."),
            p => p.Traffic.Counters.RetryCount),
        (new("minilb_in_flight_requests", Gauge, "Requests that backends are serving."), p => p.InFlight),
        (new("minilb_queue_length", Gauge, "Requests that wait because every backend has its maxInFlight."),
            p => p.Waiting.Now),
        (new("minilb_queued_requests_total", Counter, "Requests that had to wait for room at a backend."),
            p => p.Waiting.Joined),
        (new("minilb_queue_wait_seconds_total", Counter, "How long requests have waited for room, all together."),
            p => p.Waiting.Waited.TotalSeconds),
        (new("minilb_pool_backends", Gauge, "Backends that it has, listed and found."), p => p.All.Length),
        (new("minilb_pool_alive_backends", Gauge, "Backends that are alive, as in the health document."), p => p.Alive),
    ];

    private static ReadOnlySpan<byte> OwnLabels => "pool=\"\""u8;

    public void Write(MetricWriter writer, PoolSnapshot[] pools)
    {
        writer.Begin(Requests);
        writer.Requests(Requests, OwnLabels, statistics.Own.Counters);
        foreach (var pool in pools)
        {
            writer.Requests(Requests, labels.Of(pool), pool.Traffic.Counters);
        }

        writer.Begin(Failures);
        WriteFailures(writer, OwnLabels, statistics.Own.Counters);
        foreach (var pool in pools)
        {
            WriteFailures(writer, labels.Of(pool), pool.Traffic.Counters);
        }

        writer.Begin(Duration);
        foreach (var pool in pools)
        {
            writer.Histogram(Duration, labels.Of(pool), pool.Traffic.Counters);
        }

        foreach (var (family, value) in Values)
        {
            writer.Begin(family);
            foreach (var pool in pools)
            {
                writer.Sample(family, labels.Of(pool), value(pool));
            }
        }
    }

    private void WriteFailures(MetricWriter writer, ReadOnlySpan<byte> of, TrafficCounters counters)
    {
        for (var reason = 0; reason < statistics.Reasons.Count; reason++)
        {
            if (counters.OfReason(reason) is var count and > 0)
            {
                writer.Sample(Failures, of, "reason"u8, statistics.Reasons[reason], count);
            }
        }
    }
}
