using System.Globalization;
using MiniLB.Config.Options;
using MiniLB.RequestPath.Forward;
using MiniLB.State;

namespace MiniLB.RequestPath.Retry;

/// <summary>Learns from each attempt of a pool whether its backend should be left alone for a while.</summary>
internal sealed class TrafficWatch(World world, PoolOptions options, ILogger logger)
{
    /// <summary>Ends an attempt.</summary>
    /// <param name="backend">Whose attempt; it was begun.</param>
    /// <param name="error">How it ended.</param>
    /// <param name="status">What the backend answered; 0 where it did not.</param>
    /// <param name="began">Where the circuit stood when it began; null where that has all been said.</param>
    /// <param name="reason">More about the error, in words; null where there is no more.</param>
    public void End(Backend backend, ForwardError error, int status, CircuitStage? began, string? reason = null)
    {
        backend.End(ForwardErrorRules.WasSent(error), ForwardErrorRules.IsBackendFault(error));
        if (began is { } stage)
        {
            EndOnCircuit(backend, error, status, stage, reason);
        }

        var verdict = VerdictRules.Ejects(error, status);
        if (verdict != Verdict.Neutral && options.Ejection.Enabled
            && backend.CountInARow(verdict == Verdict.Failure) is var failures and > 0
            && failures % options.Ejection.Failures == 0)
        {
            Eject(backend, error, Describe(error, status, reason));
        }
    }

    /// <summary>Ends a trial of a half-open circuit, while its attempt goes on.</summary>
    public void EndTrial(Backend backend, int status, CircuitStage began) =>
        EndOnCircuit(backend, ForwardError.None, status, began, null);

    private void EndOnCircuit(
        Backend backend, ForwardError error, int status, CircuitStage began, string? reason)
    {
        switch (backend.Circuit?.End(VerdictRules.Breaks(error, status), began))
        {
            case CircuitChange.Opened:
                var last = Describe(error, status, reason);
                backend.Counters.Health.Reason = $"its circuit is open: {last}";
                world.FollowCircuit(backend);
                RetryLog.CircuitOpened(
                    logger, backend.Url, options.CircuitBreaker.OpenFor.TotalSeconds, last);
                break;
            case CircuitChange.Closed:
                RetryLog.CircuitClosed(logger, backend.Url);
                break;
        }
    }

    private void Eject(Backend backend, ForwardError error, string last)
    {
        var couldNotConnect = error is ForwardError.ConnectFailed or ForwardError.BackendClosed;
        var health = backend.Counters.Health;
        var before = health.Reason;
        // Said before the world changes, so that whoever sees the change knows why.
        health.Reason = $"{options.Ejection.Failures} failures in a row, the last one {last}";
        if (world.Eject(backend, couldNotConnect) is not { } length)
        {
            health.Reason = before;
        }
        else
        {
            RetryLog.Ejected(
                logger, backend.Url, length.TotalSeconds, options.Ejection.Failures, last);
        }
    }

    private static string Describe(ForwardError error, int status, string? reason) =>
        ForwardErrorRules.IsBackendFault(error)
            ? ForwardErrorRules.Word(error) + (reason is null ? "" : $" ({reason})")
            : status.ToString(CultureInfo.InvariantCulture);
}
