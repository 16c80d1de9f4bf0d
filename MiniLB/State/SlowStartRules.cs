namespace MiniLB.State;

/// <summary>The share of a backend that returns: elapsed / window of it, at least a tenth (Envoy).</summary>
internal static class SlowStartRules
{
    /// <returns>From 1 to <see cref="BackendStatus.FullSteps"/>.</returns>
    public static int Steps(TimeSpan elapsed, TimeSpan window) => elapsed >= window
        ? BackendStatus.FullSteps
        : Math.Max(1, (int)(elapsed.Ticks * BackendStatus.FullSteps / window.Ticks));
}
