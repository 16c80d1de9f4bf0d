using MiniLB.RequestPath.Forward;
using MiniLB.RequestPath.Summarize;
using MiniLB.Wire;

namespace MiniLB.RequestPath.Hooks;

/// <summary>Runs all hooks around each request that goes to a backend.</summary>
internal sealed class HookChain
{
    private readonly RequestHook[] _hooks;
    private readonly ILogger _logger;

    private HookChain(RequestHook[] hooks, ILogger logger) => (_hooks, _logger) = (hooks, logger);

    /// <returns>Null where there is no hook.</returns>
    public static HookChain? Of(IReadOnlyList<RequestHook> hooks, ILogger logger) =>
        hooks.Count == 0 ? null : new HookChain([.. hooks], logger);

    /// <summary>Shows a request to the hooks; those that are to see its answer wait in the exchange.</summary>
    /// <returns>True where the request has been answered: by a hook, or because one has failed.</returns>
    public async ValueTask<bool> AnswersAsync(Exchange exchange)
    {
        exchange.Hooked = new HookedRequest(_hooks, new HookRequest(exchange), _logger);
        if (!exchange.Hooked.TryAsk(out var answer))
        {
            await RefuseAsync(exchange);
            return true;
        }

        if (answer is null)
        {
            return false;
        }

        if (exchange.CanBeAnswered(answer.Head))
        {
            await WriteAsync(exchange, answer);
        }
        else
        {
            HookLog.NotAnswerable(_logger, answer.Head.Status, exchange.Method, exchange.Target);
            await RefuseAsync(exchange);
        }

        return true;
    }

    private static ValueTask RefuseAsync(Exchange exchange)
    {
        exchange.Outcome = ForwardError.HookFailed;
        return ProblemWriter.WriteAsync(exchange, Problem.HookFailed);
    }

    private static async ValueTask WriteAsync(Exchange exchange, HookAnswer answer)
    {
        exchange.Start(exchange.Entry.TellsLimits ? Copy(answer.Head) : answer.Head, closes: false);
        if (exchange.Method != "HEAD" && answer.Body.Length > 0)
        {
            exchange.Write(answer.Body);
            exchange.CountAnswered(answer.Body.Length);
        }

        await exchange.CompleteAsync(trailers: null);
    }

    // One answer may be given to many requests, and each is told of limits of its own.
    private static ResponseHead Copy(ResponseHead head)
    {
        var copy = new ResponseHead { Status = head.Status, ContentLength = head.ContentLength };
        for (var i = 0; i < head.Fields.Count; i++)
        {
            copy.Fields.Add(head.Fields[i].Name, head.Fields[i].Value);
        }

        return copy;
    }
}
