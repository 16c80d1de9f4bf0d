namespace MiniLB.State;

/// <summary>Where a backend stands, in one word.</summary>
internal enum BackendState
{
    Up,

    /// <summary>Up, and given less than its share for a while.</summary>
    Starting,
    Down,
    Ejected,
    CircuitOpen,
    Draining,
    Disabled,
}

/// <summary>Makes one word of a backend's status.</summary>
internal static class BackendStates
{
    /// <summary>By number.</summary>
    public static readonly string[] Words =
        ["up", "starting", "down", "ejected", "circuitOpen", "draining", "disabled"];

    /// <summary>What the operator wants says most, then what the probes say, then live traffic.</summary>
    public static BackendState Of(in BackendStatus status) => status switch
    {
        { Mode: BackendMode.Disabled } => BackendState.Disabled,
        { Mode: BackendMode.Draining } => BackendState.Draining,
        { IsUp: false } => BackendState.Down,
        { Ejection: not null } => BackendState.Ejected,
        { IsCircuitOpen: true } => BackendState.CircuitOpen,
        { RisingSince: not null } => BackendState.Starting,
        _ => BackendState.Up,
    };

    public static string Word(BackendState state) => Words[(int)state];
}
