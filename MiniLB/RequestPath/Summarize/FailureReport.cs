using System.Diagnostics;
using MiniLB.RequestPath.Forward;
using MiniLB.RequestPath.Retry;
using MiniLB.State;
using MiniLB.Wire;

namespace MiniLB.RequestPath.Summarize;

/// <summary>Tells of a request that could not be served what was tried, what was not, and why.</summary>
internal static class FailureReport
{
    /// <param name="exchange">The request; finished.</param>
    /// <param name="pool">Null where it did not get as far.</param>
    /// <param name="now">Timestamp of <see cref="Stopwatch"/>.</param>
    public static FailedRequest Of(Exchange exchange, PoolSnapshot? pool, long now)
    {
        var took = Stopwatch.GetElapsedTime(exchange.StartedAt, now);
        var passedOver = pool is null ? [] : PassedOver(exchange.Attempts, pool);
        return new FailedRequest
        {
            Time = DateTimeOffset.UtcNow - took,
            RequestId = FailedRequest.Cut(exchange.RequestId, FailedRequest.MostId),
            Client = FailedRequest.Cut(exchange.ClientText, FailedRequest.MostClient),
            Method = FailedRequest.Cut(exchange.Method, FailedRequest.MostMethod),
            Target = FailedRequest.Cut(exchange.Target, FailedRequest.MostTarget),
            Pool = pool?.Options.Name,
            Status = exchange.HasStarted ? exchange.Status : StatusCodes.Status499ClientClosedRequest,
            Why = ForwardErrorRules.Word(exchange.Outcome),
            Decision = Decision(exchange, pool, passedOver),
            Seconds = Math.Round(took.TotalSeconds, 6),
            Tries = Tries(exchange, now),
            PassedOver = passedOver,
        };
    }

    private static List<FailedTry> Tries(Exchange exchange, long now)
    {
        var tries = new List<FailedTry>();
        for (var i = 0; i < Math.Min(exchange.Attempts.Count, FailedRequest.MostListed); i++)
        {
            var attempt = exchange.Attempts[i];
            var outcome = i == exchange.Attempts.Count - 1 ? exchange.Outcome : attempt.Outcome;
            var took = Stopwatch.GetElapsedTime(attempt.Began, attempt.Ended == 0 ? now : attempt.Ended);
            tries.Add(new FailedTry(
                attempt.Backend.Url, ForwardErrorRules.Word(outcome), Math.Round(took.TotalSeconds, 6),
                attempt.Reason));
        }

        return tries;
    }

    // No more than are shown: a large pool that is down as a whole must not make each failure expensive.
    private static List<PassedOver> PassedOver(AttemptLog attempts, PoolSnapshot pool)
    {
        var passedOver = new List<PassedOver>();
        for (var i = 0; i < pool.All.Length && passedOver.Count < FailedRequest.MostListed; i++)
        {
            if (!attempts.Has(pool.All[i]))
            {
                passedOver.Add(new PassedOver(pool.All[i].Url, Why(pool, pool.All[i])));
            }
        }

        return passedOver;
    }

    private static string Why(PoolSnapshot pool, Backend backend) =>
        !pool[backend].IsAvailable ? BackendStates.Word(BackendStates.Of(pool[backend]))
        : !backend.HasRoom ? "full"
        : Array.IndexOf(pool.Reserve, backend) >= 0 ? "backup"
        : "untried";

    private static string Decision(Exchange exchange, PoolSnapshot? pool, List<PassedOver> passedOver)
    {
        var outcome = exchange.Outcome;
        if (pool is null || exchange.Attempts.Count == 0)
        {
            return outcome switch
            {
                ForwardError.NoneAvailable => "no backend could be used",
                ForwardError.QueueFull => "every backend was full, and so was the queue",
                ForwardError.QueueTimeout => "every backend was full for as long as a request may wait",
                ForwardError.TotalTimeout => "its time was over before a backend had room",
                _ => "it did not get as far as a backend",
            };
        }

        if (exchange.HasStarted && exchange.Status != ForwardErrorRules.Status(outcome))
        {
            return "the answer had begun: nothing could be sent again";
        }

        return outcome switch
        {
            ForwardError.TotalTimeout => "its time was over",
            ForwardError.HookFailed or ForwardError.Unexpected => "the fault is no backend's",
            _ when ForwardErrorRules.WasSent(outcome) && !MayRepeat(exchange) =>
                "it may have been served, and its method must not be repeated",
            _ when Sends(exchange.Attempts) >= pool.Options.Retry.Attempts => "retry.attempts were used up",
            _ when !passedOver.Exists(p => p.Why is "untried" or "backup") => "no backend was left to try",
            _ => "the retry budget, the time for connecting or what was kept of its body did not allow another try",
        };
    }

    private static bool MayRepeat(Exchange exchange) => RetryRules.IsIdempotent(exchange.Method)
        || !exchange.RequestFields.First(FieldId.IdempotencyKey).IsEmpty;

    private static int Sends(AttemptLog attempts)
    {
        var sends = 0;
        for (var i = 0; i < attempts.Count; i++)
        {
            sends += ForwardErrorRules.WasSent(attempts[i].Outcome) ? 1 : 0;
        }

        return sends;
    }
}
