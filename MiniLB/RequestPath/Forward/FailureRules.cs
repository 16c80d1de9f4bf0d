using MiniLB.Transport;

namespace MiniLB.RequestPath.Forward;

/// <summary>Names the error behind an exception that ended an attempt before its response head had arrived.</summary>
internal static class FailureRules
{
    /// <param name="exception">What SocketsHttpHandler threw.</param>
    /// <param name="timer">The exchange's timer, which knows why a cancelled exchange was cancelled.</param>
    /// <param name="body">The request body, which knows whether the client's side failed.</param>
    public static ForwardError Name(Exception exception, ExchangeTimer timer, RequestBodyContent? body)
    {
        if (body is { ClientError: not ForwardError.None })
        {
            return body.ClientError;
        }

        if (timer.Token.IsCancellationRequested)
        {
            return timer.Cause;
        }

        return exception switch
        {
            BackendClosedException when body is { IsTouched: true } => ForwardError.RequestBodyNotTaken,
            BackendClosedException { Sent: false } => ForwardError.StaleUnsent,
            BackendClosedException { Reused: true } => ForwardError.StaleSent,
            BackendClosedException => ForwardError.BackendClosed,
            HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError
                or HttpRequestError.NameResolutionError
                or HttpRequestError.SecureConnectionError } => ForwardError.ConnectFailed,
            HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse
                or HttpRequestError.ResponseEnded
                or HttpRequestError.ConfigurationLimitExceeded } => ForwardError.ResponseHeadInvalid,
            HttpRequestException { InnerException: { } inner } => Name(inner, timer, body),
            _ => ForwardError.BackendClosed,
        };
    }
}
