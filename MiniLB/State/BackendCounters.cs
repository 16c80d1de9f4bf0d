namespace MiniLB.State;

/// <summary>What is remembered about one backend for whoever looks at it: its traffic, its last errors, its
/// health.</summary>
internal sealed class BackendCounters
{
    public const int MostErrors = 10;

    /// <summary>Its attempts.</summary>
    public TrafficRecord Traffic { get; } = new();

    public Recent<BackendError> Errors { get; } = new(MostErrors);

    public HealthNote Health { get; } = new();
}

/// <summary>An attempt that failed through the backend's fault.</summary>
internal sealed record BackendError(DateTimeOffset Time, string Reason, string Method, string Target);
