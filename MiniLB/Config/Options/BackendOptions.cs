namespace MiniLB.Config.Options;

/// <summary>One server behind the balancer, as the operator wrote it.</summary>
internal sealed record BackendOptions
{
    /// <summary>The largest weight (HAProxy).</summary>
    public const int MostWeight = 256;

    /// <summary>Exactly as configured: it is the backend's name in every report.</summary>
    public required string Url { get; init; }

    public required BackendAddress Address { get; init; }

    /// <summary>Share of the traffic relative to the other backends of the pool.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>Requests that it serves at once; more wait in the pool's queue. 0 means no limit.</summary>
    public int MaxInFlight { get; init; }

    /// <summary>Used only while no other backend of the pool is available.</summary>
    public bool IsBackup { get; init; }

    /// <summary>Where it was found; null where it is listed.</summary>
    public BackendSource? Source { get; init; }
}
