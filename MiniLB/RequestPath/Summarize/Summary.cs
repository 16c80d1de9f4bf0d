using System.Diagnostics;
using MiniLB.RequestPath.Forward;

namespace MiniLB.RequestPath.Summarize;

/// <summary>Turns a finished exchange into an access log entry.</summary>
internal static class Summary
{
    public static AccessLogEntry Of(Exchange exchange)
    {
        var duration = Stopwatch.GetElapsedTime(exchange.StartedAt);
        var attempts = exchange.Attempts;
        // Kestrel too gives 499 to an answer that it could not begin.
        var outcome = exchange.Response.StatusCode == StatusCodes.Status499ClientClosedRequest
            ? ForwardError.ClientGone
            : exchange.Outcome;
        return new AccessLogEntry
        {
            Time = DateTime.UtcNow - duration,
            Client = exchange.ClientText,
            Method = exchange.Method,
            Target = exchange.Target,
            Protocol = exchange.Protocol,
            Status = outcome == ForwardError.ClientGone && !exchange.Response.HasStarted
                ? StatusCodes.Status499ClientClosedRequest
                : exchange.Response.StatusCode,
            BytesIn = exchange.BytesIn,
            BytesOut = exchange.BytesOut,
            Duration = duration,
            Connect = exchange.ConnectTime,
            FirstByte = exchange.FirstByteAt == 0
                ? TimeSpan.FromTicks(-1)
                : Stopwatch.GetElapsedTime(exchange.StartedAt, exchange.FirstByteAt),
            Pool = attempts.Count > 0 ? exchange.Pool.Options.Name : null,
            Backend = attempts.Last?.Backend.Url,
            Attempts = attempts.Count > 1 ? attempts.ToArray() : [],
            Ended = ForwardErrorRules.Word(outcome),
            RequestId = exchange.RequestId,
            Referer = exchange.RequestHeaders.Referer,
            UserAgent = exchange.RequestHeaders.UserAgent,
        };
    }
}
