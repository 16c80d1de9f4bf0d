using MiniLB.RequestPath.Forward;
using MiniLB.State;

namespace MiniLB.RequestPath.Retry;

/// <summary>What an attempt says about its backend.</summary>
internal static class VerdictRules
{
    /// <summary>For ejection: transport errors, and the statuses with which a server says that it cannot
    /// serve.</summary>
    /// <param name="error">How the attempt ended.</param>
    /// <param name="status">What the backend answered; 0 where it did not.</param>
    public static Verdict Ejects(ForwardError error, int status) =>
        Of(error, status, isFailure: status is 502 or 503 or 504);

    /// <summary>For the circuit: transport errors, and every 5xx.</summary>
    public static Verdict Breaks(ForwardError error, int status) =>
        Of(error, status, isFailure: status is >= 500 and <= 599);

    private static Verdict Of(ForwardError error, int status, bool isFailure) =>
        ForwardErrorRules.IsBackendFault(error) || isFailure ? Verdict.Failure
        : status > 0 ? Verdict.Success
        : Verdict.Neutral;
}
