using System.Runtime.CompilerServices;
using MiniLB.RequestPath.Balance;
using MiniLB.RequestPath.Forward;
using MiniLB.State;

namespace MiniLB.RequestPath.Retry;

/// <summary>Gives a request to backends until one has answered or nothing may be tried again.</summary>
internal sealed class RetryLoop(BalanceStrategy strategy, Forwarder forwarder)
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<AttemptResult> RunAsync(Exchange exchange)
    {
        var pool = exchange.Pool;
        var idempotent = RetryRules.IsIdempotent(exchange.Method);
        // All available backends are walked, but not for ever where each one swallows its connection attempt.
        var longestWalk = 2 * (long)pool.Options.Timeouts.Connect.TotalMilliseconds;
        var walkStarted = Environment.TickCount64;
        var tried = default(TriedBackends);
        var sends = 0;
        var onNewConnection = false;
        Backend? stale = null;
        var result = new AttemptResult(ForwardError.NoneAvailable);
        exchange.Timer.Begin(pool.Options.Timeouts.Total);
        while (true)
        {
            var backend = OfPersonalConnection(exchange, tried) ?? strategy.Pick(pool, tried);
            if (backend is null)
            {
                if (stale is null)
                {
                    return result;
                }

                (backend, stale) = (stale, null);
            }

            tried.Add(backend);
            result = await AttemptAsync(exchange, backend, onNewConnection);
            if (ForwardErrorRules.WasSent(result.Error))
            {
                sends++;
                walkStarted = Environment.TickCount64;
            }

            if (result.Error == ForwardError.None
                || !RetryRules.MayTryAgain(result, idempotent, sends, pool.Options.RetryAttempts)
                || Environment.TickCount64 - walkStarted >= longestWalk)
            {
                return result;
            }

            if (!onNewConnection && RetryRules.AllowsSameBackend(result.Error))
            {
                // Where one kept connection was closed others may be: from here on only new ones.
                onNewConnection = true;
                stale = backend;
            }
        }
    }

    // The backend that knows the client by its connection would not know it by another.
    private static Backend? OfPersonalConnection(Exchange exchange, in TriedBackends tried) =>
        exchange.Personal is { Backend: var backend } && tried.IsEmpty
        && Array.IndexOf(exchange.Pool.Candidates, backend) >= 0
            ? backend
            : null;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<AttemptResult> AttemptAsync(Exchange exchange, Backend backend, bool onNewConnection)
    {
        var result = default(AttemptResult);
        exchange.Timer.BeginAttempt();
        backend.BeginAttempt();
        try
        {
            return result = await forwarder.AttemptAsync(exchange, backend, onNewConnection);
        }
        finally
        {
            exchange.Attempts.Add(backend, result.Error);
            backend.EndAttempt(ForwardErrorRules.WasSent(result.Error), ForwardErrorRules.IsBackendFault(result.Error));
        }
    }
}
