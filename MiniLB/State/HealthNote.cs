namespace MiniLB.State;

/// <summary>What was last found out about a backend's health, and since when it stands where it stands.</summary>
internal sealed class HealthNote
{
    // Written by whoever learns something about the backend, before it tells the world.
    private volatile string? _reason;

    /// <summary>In words; null while nothing is known.</summary>
    public string? Reason
    {
        get => _reason;
        set => _reason = value;
    }

    /// <summary>Where it stood at the last look; null before the first. The history's.</summary>
    public BackendState? State { get; set; }

    /// <summary>As above.</summary>
    public bool IsAlive { get; set; }

    /// <summary>When it came to stand there.</summary>
    public DateTimeOffset Since { get; set; }

    /// <summary>How often it has become alive or ceased to be.</summary>
    public long Flips { get; set; }
}
