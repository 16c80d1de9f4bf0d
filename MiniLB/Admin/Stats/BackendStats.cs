using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using MiniLB.State;

namespace MiniLB.Admin.Stats;

/// <summary>One backend: how it stands, as /backends has it, and what it has done.</summary>
internal sealed record BackendStats : BackendDocument
{
    [JsonConstructor]
    public BackendStats()
    {
    }

    [SetsRequiredMembers]
    private BackendStats(BackendDocument document)
        : base(document)
    {
    }

    /// <summary>up, starting, down, ejected, circuitOpen, draining or disabled.</summary>
    public required string State { get; init; } = "";

    /// <summary>What was last found out about its health; null where nothing was.</summary>
    public required string? Reason { get; init; }

    /// <summary>When it came to that state.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>The part of the pool's traffic that its weight gives it now, from 0 to 1.</summary>
    public required double Share { get; init; }

    /// <summary>Requests that it was given, whatever became of them.</summary>
    public required long Requests { get; init; }

    /// <summary>Those that had failed at another backend before.</summary>
    public required long Retries { get; init; }

    public required long BytesIn { get; init; }

    public required long BytesOut { get; init; }

    public required RatesDocument Rates { get; init; } = new(0, 0, 0);

    /// <summary>From the pick to the end of its answer.</summary>
    public required LatencyDocument Latency { get; init; } = new(0, 0, 0, 0);

    /// <summary>The newest first.</summary>
    public required IReadOnlyList<BackendError> Errors { get; init; } = [];

    public static new BackendStats Of(World world, PoolSnapshot pool, Backend backend)
    {
        var (health, traffic) = (backend.Counters.Health, backend.Counters.Traffic);
        return new BackendStats(BackendDocument.Of(world, pool, backend))
        {
            State = BackendStates.Word(BackendStates.Of(pool[backend])),
            Reason = health.Reason,
            Since = health.Since,
            Share = ShareOf(pool, backend),
            Requests = traffic.Counters.Count,
            Retries = traffic.Counters.RetryCount,
            BytesIn = traffic.Counters.BytesReceived,
            BytesOut = traffic.Counters.BytesSent,
            Rates = RatesDocument.Of([traffic.Rates]),
            Latency = LatencyDocument.Of([traffic]),
            Errors = backend.Counters.Errors.Newest(),
        };
    }

    private static double ShareOf(PoolSnapshot pool, Backend backend)
    {
        var place = Array.IndexOf(pool.Candidates, backend);
        return place < 0 ? 0 : Math.Round(pool.Shares[place] / (double)pool.Shares.Sum(s => (long)s), 6);
    }
}
