using MiniLB.RequestPath.Forward;

namespace MiniLB.RequestPath.Retry;

/// <summary>Which result may be tried again. Pure: everything it needs is in its arguments.</summary>
internal static class RetryRules
{
    /// <summary>Methods that may be repeated without a second effect (RFC 9110 section 9.2.2).</summary>
    public static bool IsIdempotent(string method) =>
        method is "GET" or "HEAD" or "OPTIONS" or "PUT" or "DELETE" or "TRACE";

    /// <param name="result">The failed attempt.</param>
    /// <param name="mayRepeat">Whether the request may be sent twice: its method is idempotent, or it has an
    /// Idempotency-Key.</param>
    /// <param name="bodyIsLost">Whether bytes of its body were consumed that were not kept.</param>
    /// <param name="sends">Sends so far, this one included where it was one.</param>
    /// <param name="attempts">Sends allowed.</param>
    public static bool MayTryAgain(in AttemptResult result, bool mayRepeat, bool bodyIsLost, int sends, int attempts)
    {
        if (result.ResponseStarted || bodyIsLost)
        {
            return false;
        }

        return result.Error switch
        {
            // Nothing was sent: safe whatever the method.
            ForwardError.ConnectFailed => true,

            // It may have been served before the connection broke.
            ForwardError.StaleSent or ForwardError.BackendClosed or ForwardError.ResponseHeadTimeout
                or ForwardError.ResponseHeadInvalid or ForwardError.RequestBodyNotTaken or ForwardError.AnswerRefused
                when mayRepeat && sends < attempts => true,
            _ => false,
        };
    }

    /// <summary>True where the same backend may be given the request once more, on a new connection: a kept one ended
    /// before any byte of an answer, which says nothing about the backend.</summary>
    public static bool AllowsSameBackend(ForwardError error) =>
        error is ForwardError.StaleSent;
}
