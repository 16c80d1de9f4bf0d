using MiniLB.Admin;
using MiniLB.Async;
using MiniLB.Config;
using MiniLB.RequestPath;
using MiniLB.RequestPath.Accept;
using MiniLB.RequestPath.Admit;
using MiniLB.RequestPath.Forward;
using MiniLB.RequestPath.Hooks;
using MiniLB.RequestPath.Retry;
using MiniLB.RequestPath.Route;
using MiniLB.RequestPath.Summarize;
using MiniLB.State;

namespace MiniLB;

/// <summary>The path of a request, from the client to the backend and back.</summary>
/// <remarks>Accept, Admit, Route, Retry( Balance, Forward ), Summarize: the methods below stand in the order in which a
/// request meets them, and so do the folders.</remarks>
internal sealed class RequestPipeline(
    World world,
    AdminPipeline admin,
    RateLimiters limiters,
    ILogger<RequestPipeline> logger)
{
    private readonly TrafficMeter _meter = new(world.Statistics);
    private readonly Allowance _inFlight = new(MemoryPlan.Current.InFlight(world.Current.Options.Limits));

    // Written at start and reload, read by requests.
    private volatile AccessLog? _accessLog;

    /// <summary>Null where it is off.</summary>
    public AccessLog? AccessLog
    {
        get => _accessLog;
        set => _accessLog = value;
    }

    /// <summary>Requests served at once; 0 means no limit.</summary>
    public int MostInFlight
    {
        set => _inFlight.Most = value;
    }

    /// <summary>Null where there are none.</summary>
    public HookChain? Hooks { get; init; }

    /// <summary>Null where nobody collects them.</summary>
    public SpanQueue? Spans { get; init; }

    /// <summary>A request whose head cannot be accepted.</summary>
    public async FrameTask RefuseAsync(Exchange exchange, HeadRefusal refusal)
    {
        exchange.ClientText = exchange.Connection.PeerText;
        exchange.Outcome = refusal == HeadRefusal.Timeout
            ? ForwardError.RequestHeadTimeout
            : ForwardError.RequestHeadInvalid;
        await ProblemWriter.WriteAsync(exchange, Problem.For(refusal));
        Finish(exchange);
    }

    /// <summary>A request whose head was read.</summary>
    public FrameTask ServeAsync(Exchange exchange)
    {
        Task? answer;
        try
        {
            ClientIdentity.Establish(exchange);
            if (exchange.World.Options.Tracing is { Enabled: true, Sample: var sample })
            {
                exchange.Trace = TraceContext.Of(exchange.RequestFields, exchange.IsFromTrustedProxy, sample);
            }

            answer = AnswerHere(exchange);
        }
        catch (Exception e)
        {
            BreakOff(exchange, e);
            answer = Task.CompletedTask;
        }

        return answer is { } here ? EndAsync(exchange, here) : ForwardAsync(exchange);
    }

    /// <summary>Admit and Route.</summary>
    /// <returns>The answer; null where a backend is to give it, and then the request is counted as in flight.</returns>
    private Task? AnswerHere(Exchange exchange)
    {
        if (exchange.Connection.IsAdmin)
        {
            return admin.ServeAsync(exchange).AsTask();
        }

        if (TurnAway(exchange) is { } refusal)
        {
            return ProblemWriter.WriteAsync(exchange, refusal).AsTask();
        }

        if (AnswerOurselves(exchange) is { } own)
        {
            return AnswerWriter.WriteAsync(exchange, own).AsTask();
        }

        if (Refuse(exchange) is { } problem)
        {
            return ProblemWriter.WriteAsync(exchange, problem).AsTask();
        }

        if (HttpsRedirect.PortFor(exchange) is > 0 and var port)
        {
            return HttpsRedirect.AnswerAsync(exchange, port).AsTask();
        }

        if (exchange.World.Routes is RouteTable routes && Routing.Answer(routes, exchange) is { } routed)
        {
            return routed;
        }

        return _inFlight.TryTake() ? null : ProblemWriter.WriteAsync(exchange, Problem.TooManyInFlight).AsTask();
    }

    private async FrameTask EndAsync(Exchange exchange, Task answer)
    {
        try
        {
            await answer;
        }
        catch (Exception e)
        {
            BreakOff(exchange, e);
        }

        Finish(exchange);
    }

    private void BreakOff(Exchange exchange, Exception cause)
    {
        exchange.Outcome = ForwardError.Unexpected;
        exchange.Abort();
        SummarizeLog.Unexpected(logger, exchange.Method, exchange.Target, cause);
    }

    /// <summary>Summarize: the answer is on its way, or the connection is broken.</summary>
    private void Finish(Exchange exchange)
    {
        if (!exchange.Connection.IsAdmin)
        {
            _meter.Count(exchange);
            _accessLog?.Write(exchange);
        }

        if (exchange.Trace is { IsSampled: true } trace && !exchange.Connection.IsAdmin)
        {
            Spans?.Add(SpanSummary.Of(exchange, trace));
        }

        exchange.End();
    }

    // The status is not limited: whoever looks after this instance must not be shut out by load.
    private Problem? TurnAway(Exchange exchange) =>
        !AccessRules.MayEnter(exchange.Client, exchange.World.Options.Access) ? Problem.Denied
        : limiters.OfAll is { } limiter && !IsStatus(exchange) ? limiter.Refuse(exchange)
        : null;

    private static bool IsStatus(Exchange exchange) =>
        OwnTargets.IsStatus(exchange.Method, exchange.Target, exchange.World.Options.StatusPath);

    private static OwnAnswer? AnswerOurselves(Exchange exchange)
    {
        var options = exchange.World.Options;
        if (IsStatus(exchange))
        {
            return HealthDocument.Answer(exchange.World, DetailRules.ShowsBackends(exchange.Client, options));
        }

        return OwnTargets.IsOptionsOfServer(exchange.Method, exchange.Target)
            || OwnTargets.EndsHere(exchange.Method, exchange.RequestFields)
                ? OwnAnswer.NoContent
                : null;
    }

    private static Problem? Refuse(Exchange exchange) => Admission.Refuse(
        exchange.Method, exchange.RequestLength, exchange.World.Options.Limits.Body, exchange.World.Routes is not null);

    private async FrameTask ForwardAsync(Exchange exchange)
    {
        try
        {
            PassedFields.PrepareRequest(exchange);
            if (Hooks is null || !await Hooks.AnswersAsync(exchange))
            {
                var result = await ((RetryLoop)exchange.Pool.Path!).RunAsync(exchange);
                exchange.Outcome = result.Error;
                if (result.Error != ForwardError.None)
                {
                    await AnswerFailureAsync(exchange, result);
                }
            }
        }
        catch (Exception e)
        {
            BreakOff(exchange, e);
        }
        finally
        {
            _inFlight.GiveBack();
        }

        Finish(exchange);
    }

    private ValueTask AnswerFailureAsync(Exchange exchange, in AttemptResult result)
    {
        SummarizeLog.Failed(logger, exchange.Method, exchange.Target,
            exchange.Attempts.Last?.Backend.Url ?? "no backend",
            ForwardErrorRules.Word(result.Error), result.Cause);

        if (!result.ResponseStarted && Problem.For(result.Error) is { } problem)
        {
            return ProblemWriter.WriteAsync(exchange, problem);
        }

        // Whatever was answered so far must not look complete.
        exchange.Abort();
        return default;
    }
}
