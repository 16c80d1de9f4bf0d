namespace MiniLB.Config.Options;

/// <summary>When a backend that fails too often is left alone, and how it is tried again.</summary>
internal sealed record CircuitBreakerOptions
{
    public bool Enabled { get; init; }

    /// <summary>Share of failed requests at which the circuit opens: transport errors and 5xx.</summary>
    public double FailureRatio { get; init; } = 0.5;

    /// <summary>Fewer requests in the window prove nothing (Traefik's example).</summary>
    public int MinRequests { get; init; } = 20;

    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the circuit stays open before it is tried.</summary>
    public TimeSpan OpenFor { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Requests at once while it is tried; as many must succeed to close it.</summary>
    public int Trials { get; init; } = 3;
}
