using System.Diagnostics;
using MiniLB.RequestPath.Forward;
using MiniLB.Wire;

namespace MiniLB.RequestPath.Summarize;

/// <summary>Turns a finished exchange into an access log entry.</summary>
internal static class Summary
{
    public static AccessLogEntry Of(Exchange exchange)
    {
        var duration = Stopwatch.GetElapsedTime(exchange.StartedAt);
        var attempts = exchange.Attempts;
        var outcome = exchange.Outcome;
        return new AccessLogEntry
        {
            Time = DateTime.UtcNow - duration,
            Client = exchange.ClientText,
            Method = exchange.Method,
            Target = exchange.Target,
            Protocol = exchange.Protocol,
            Status = exchange.HasStarted ? exchange.Status : StatusCodes.Status499ClientClosedRequest,
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
            Tls = exchange.Connection.Tls,
            TraceId = exchange.Trace?.TraceId,
            Referer = exchange.RequestFields.Text(FieldId.Referer),
            UserAgent = exchange.RequestFields.Text(FieldId.UserAgent),
        };
    }
}
