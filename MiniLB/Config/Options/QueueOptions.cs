namespace MiniLB.Config.Options;

/// <summary>How many requests wait, and for how long, while every backend has its maxInFlight.</summary>
internal sealed record QueueOptions
{
    /// <summary>Envoy's pending requests; 0 means that none waits.</summary>
    public int Size { get; init; } = 1024;

    /// <summary>As long as a connection may take (HAProxy's default).</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);
}
