using System.Diagnostics;
using MiniLB.RequestPath.Admit;
using MiniLB.RequestPath.Forward;
using MiniLB.State;
using MiniLB.Wire;

namespace MiniLB.RequestPath.Summarize;

/// <summary>Turns a finished exchange into the span of its trace.</summary>
internal static class SpanSummary
{
    public static Span Of(Exchange exchange, TraceContext trace)
    {
        var duration = Stopwatch.GetElapsedTime(exchange.StartedAt);
        var attempts = exchange.Attempts;
        var outcome = exchange.Outcome;
        return new Span
        {
            TraceId = trace.TraceId,
            SpanId = trace.SpanId,
            ParentId = trace.ParentId,
            TraceState = trace.State,
            Start = DateTime.UtcNow - duration,
            Duration = duration,
            Method = exchange.Method,
            Scheme = exchange.Scheme,
            Target = exchange.Target,
            Host = exchange.Host,
            Version = exchange.Protocol["HTTP/".Length..],
            Client = exchange.ClientText,
            Peer = exchange.Connection.PeerText,
            UserAgent = exchange.RequestFields.Text(FieldId.UserAgent),
            Status = exchange.Status,
            Pool = attempts.Count > 0 ? exchange.Pool.Options.Name : null,
            Backend = attempts.Last?.Backend.Url,
            Attempts = Array.ConvertAll(
                attempts.ToArray(), a => $"{a.Backend.Url} {ForwardErrorRules.Word(a.Outcome)}"),
            Ended = ForwardErrorRules.Word(outcome),
            HasFailed = exchange.Status >= StatusCodes.Status500InternalServerError
                || outcome == ForwardError.Unexpected || ForwardErrorRules.IsBackendFault(outcome),
            RequestId = exchange.RequestId,
        };
    }
}
