namespace MiniLB.State;

/// <summary>What the operator wants of a backend at run time.</summary>
internal enum BackendMode
{
    Enabled,

    /// <summary>No new work but for its sticky sessions; what it has is finished.</summary>
    Draining,

    /// <summary>No new work at all.</summary>
    Disabled,
}
