using System.Diagnostics;
using MiniLB.RequestPath.Forward;
using MiniLB.State;

namespace MiniLB.RequestPath.Summarize;

/// <summary>Counts a finished exchange: for its pool, for the backends that it was given to, and, where it failed, for
/// whoever asks why.</summary>
internal sealed class TrafficMeter
{
    private readonly Statistics _statistics;

    public TrafficMeter(Statistics statistics)
    {
        _statistics = statistics;
        statistics.Reasons = ForwardErrorRules.Words;
    }

    public void Count(Exchange exchange)
    {
        var now = Stopwatch.GetTimestamp();
        var (attempts, outcome) = (exchange.Attempts, exchange.Outcome);
        // A tunnel lasts as long as its ends like: that says nothing about the backend.
        var isTimed = exchange.HasStarted && !(attempts.Count > 0 && exchange.Answer.Status == 101);
        var served = new Served(
            exchange.Status / 100, MethodNames.Of(exchange.Method), isTimed ? Ticks(exchange.StartedAt, now) : -1)
        {
            BytesIn = exchange.BytesIn,
            BytesOut = exchange.BytesOut,
            Retries = Math.Max(0, attempts.Count - 1),
        };
        var isOwn = attempts.Count == 0 && !IsOfPool(outcome);
        var counters = (isOwn ? _statistics.Own : exchange.Pool.Traffic).Counters;
        counters.Add(served);
        if (attempts.Last is { } last)
        {
            var isAnswer = outcome == ForwardError.None;
            last.Backend.Counters.Traffic.Counters.Add(served with
            {
                Class = isAnswer ? served.Class : 0,
                Method = 0,
                Ticks = isAnswer && isTimed ? Ticks(last.Began, now) : -1,
                // What MiniLB answers in its place is not its own.
                BytesOut = exchange.Status == ForwardErrorRules.Status(outcome) ? 0 : served.BytesOut,
                Retries = attempts.Count > 1 ? 1 : 0,
            });
        }

        CountRefusal(exchange);
        if (outcome != ForwardError.None)
        {
            var isFailure = ForwardErrorRules.IsFailure(outcome);
            counters.AddFailure((int)outcome, isFailure);
            if (isFailure)
            {
                _statistics.Failures.Add(FailureReport.Of(exchange, isOwn ? null : exchange.Pool, now));
            }
        }

        if (attempts.Count > 1 || (outcome != ForwardError.None && attempts.Count > 0))
        {
            CountFaults(exchange);
        }
    }

    private void CountRefusal(Exchange exchange)
    {
        if ((exchange.Entry.Refusal ?? ForwardErrorRules.Refusal(exchange.Outcome)) is { } refusal)
        {
            _statistics.Refusals.Count(refusal);
        }

        if (exchange.Entry.IsOverDryRun)
        {
            _statistics.Refusals.CountDryRun();
        }
    }

    // Without an attempt: those that ended while they waited for a backend.
    private static bool IsOfPool(ForwardError outcome) => outcome is ForwardError.NoneAvailable
        or ForwardError.QueueFull or ForwardError.QueueTimeout or ForwardError.TotalTimeout or ForwardError.ClientGone;

    private void CountFaults(Exchange exchange)
    {
        var attempts = exchange.Attempts;
        for (var i = 0; i < attempts.Count; i++)
        {
            var (backend, isLast) = (attempts[i].Backend, i == attempts.Count - 1);
            var counters = backend.Counters.Traffic.Counters;
            if (!isLast)
            {
                counters.Add(new Served(0, 0, -1) { Retries = i > 0 ? 1 : 0 });
            }

            var outcome = isLast ? exchange.Outcome : attempts[i].Outcome;
            if (outcome == ForwardError.None)
            {
                continue;
            }

            var isFault = ForwardErrorRules.IsBackendFault(outcome);
            counters.AddFailure((int)outcome, isFault);
            if (isFault)
            {
                backend.Counters.Errors.Add(new BackendError(
                    _statistics.Now,
                    ForwardErrorRules.Word(outcome),
                    FailedRequest.Cut(exchange.Method, FailedRequest.MostMethod),
                    FailedRequest.Cut(exchange.Target, FailedRequest.MostTarget)));
            }
        }
    }

    private static long Ticks(long from, long to) => Stopwatch.GetElapsedTime(from, to).Ticks;
}
