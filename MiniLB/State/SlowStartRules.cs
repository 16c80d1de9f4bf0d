namespace MiniLB.State;

/// <summary>The share of a backend that returns: elapsed / window of it, at least a tenth (Envoy).</summary>
internal static class SlowStartRules
{
    /// <returns>From 1 to <see cref="BackendStatus.FullSteps"/>.</returns>
    public static int Steps(TimeSpan elapsed, TimeSpan window) => elapsed >= window
        ? BackendStatus.FullSteps
        : Math.Max(1, (int)(elapsed.Ticks * BackendStatus.FullSteps / window.Ticks));

    /// <returns>The status with the steps that are its by now; the same where it does not start slowly.</returns>
    public static BackendStatus Risen(TimeSpan slowStart, BackendStatus status, TimeSpan now)
    {
        if (status.RisingSince is not { } since)
        {
            return status;
        }

        var steps = Steps(now - since, slowStart);
        return status with { Steps = steps, RisingSince = steps == BackendStatus.FullSteps ? null : since };
    }
}
