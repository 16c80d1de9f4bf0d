namespace MiniLB.Config.Options;

/// <summary>One server behind the balancer, as the operator wrote it.</summary>
internal sealed record BackendOptions
{
    /// <summary>Exactly as configured: it is the backend's name in every report.</summary>
    public required string Url { get; init; }

    public required BackendAddress Address { get; init; }

    /// <summary>Share of the traffic relative to the other backends of the pool.</summary>
    public int Weight { get; init; } = 1;
}
