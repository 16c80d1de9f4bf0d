using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http.Features;
using MiniLB.Admin;
using MiniLB.RequestPath;
using MiniLB.RequestPath.Admit;
using MiniLB.RequestPath.Forward;
using MiniLB.RequestPath.Retry;
using MiniLB.RequestPath.Summarize;
using MiniLB.State;

namespace MiniLB;

/// <summary>The path of a request, from Kestrel to the backend and back.</summary>
/// <remarks>Accept, Admit, Retry( Balance, Forward ), Summarize: the methods below stand in the order in which a
/// request
/// meets them, and so do the folders. It sits directly on Kestrel: the hosting layer above would cost each request an
/// activity, a log scope and a second copy of its features.</remarks>
/// <param name="pool">The way into the first pool, which gets all traffic while there are no routes.</param>
internal sealed class RequestPipeline(
    World world, Lifecycle lifecycle, RetryLoop pool, AccessLog? accessLog, ILogger<RequestPipeline> logger)
    : IHttpApplication<Exchange>
{
    private readonly Allowance _inFlight = new(world.Current.Options.Limits.InFlight);

    /// <summary>Accept: Kestrel has read a request head.</summary>
    public Exchange CreateContext(IFeatureCollection contextFeatures)
    {
        var snapshot = world.Current;
        var container = (IHostContextContainer<Exchange>)contextFeatures;
        var exchange = container.HostContext ??= new Exchange(
            contextFeatures.GetRequiredFeature<ClientConnection>(), lifecycle, contextFeatures, snapshot);
        exchange.Begin(contextFeatures, snapshot);
        return exchange;
    }

    public async Task ProcessRequestAsync(Exchange context)
    {
        try
        {
            ClientIdentity.Establish(context);
            if (context.Connection.IsAdmin)
            {
                await AnswerAdminAsync(context);
            }
            else if (AnswerOurselves(context) is { } answer)
            {
                await AnswerWriter.WriteAsync(context, answer);
            }
            else if (Refuse(context) is { } problem)
            {
                await ProblemWriter.WriteAsync(context, problem);
            }
            else if (!_inFlight.TryTake())
            {
                await ProblemWriter.WriteAsync(context, Problem.TooManyInFlight);
            }
            else
            {
                await ForwardAsync(context);
            }
        }
        catch (Exception e)
        {
            SummarizeLog.Unexpected(logger, context.Method, context.Target, e);
            context.Abort();
        }
    }

    /// <summary>Summarize: the answer has been handed to the system, or the connection is broken.</summary>
    public void DisposeContext(Exchange context, Exception? exception)
    {
        if (accessLog is not null && !context.Connection.IsAdmin)
        {
            accessLog.Add(Summary.Of(context));
        }

        context.End();
    }

    private static OwnAnswer? AnswerOurselves(Exchange exchange)
    {
        var options = exchange.World.Options;
        if (OwnTargets.IsStatus(exchange.Method, exchange.Target, options.StatusPath))
        {
            return HealthDocument.Answer(exchange.World, DetailRules.ShowsBackends(exchange.Client, options));
        }

        return OwnTargets.IsOptionsOfServer(exchange.Method, exchange.Target) ? OwnAnswer.NoContent : null;
    }

    private static Problem? Refuse(Exchange exchange) => Admission.Refuse(
        exchange.Method, exchange.RequestHeaders.ContentLength, exchange.World.Options.Limits.Body);

    private ValueTask AnswerAdminAsync(Exchange exchange)
    {
        if (!HostRules.IsServed(exchange.RequestHeaders.Host.ToString(), exchange.World.Options.Admin.Hosts))
        {
            return ProblemWriter.WriteAsync(exchange, Problem.HostNotServed);
        }

        if (AdminEndpoints.Answer(exchange.Target, exchange.World, lifecycle) is not { } answer)
        {
            return ProblemWriter.WriteAsync(exchange, Problem.NotFound);
        }

        return exchange.Method is "GET" or "HEAD"
            ? AnswerWriter.WriteAsync(exchange, answer)
            : ProblemWriter.WriteAsync(exchange, Problem.OnlyGet);
    }

    private async ValueTask ForwardAsync(Exchange exchange)
    {
        try
        {
            var result = await pool.RunAsync(exchange);
            exchange.Outcome = result.Error;
            if (result.Error == ForwardError.None)
            {
                return;
            }

            SummarizeLog.Failed(logger, exchange.Method, exchange.Target,
                exchange.Attempts.Last?.Backend.Url ?? "no backend",
                ForwardErrorRules.Word(result.Error), result.Cause);

            if (!result.ResponseStarted && Problem.For(result.Error) is { } problem)
            {
                await ProblemWriter.WriteAsync(exchange, problem);
            }
            else
            {
                // Whatever was answered so far must not look complete.
                exchange.Abort();
            }
        }
        finally
        {
            _inFlight.GiveBack();
        }
    }
}
