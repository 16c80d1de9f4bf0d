using System.Diagnostics;
using MiniLB.Async;
using MiniLB.Config.Options;
using MiniLB.RequestPath.Balance;
using MiniLB.RequestPath.Forward;
using MiniLB.State;

namespace MiniLB.RequestPath.Retry;

/// <summary>Gives a request to backends until one has answered or nothing may be tried again. One per pool and
/// configuration.</summary>
/// <remarks>Here a backend is picked and an attempt made. <see cref="RetryCourse"/> knows whether the request may go
/// on, <see cref="TrafficWatch"/> what its failure means for the backend.</remarks>
internal sealed class RetryLoop : BalancedPath
{
    private readonly PoolOptions _options;
    private readonly BalanceStrategy _strategy;
    private readonly BackendPicker _picker;
    private readonly HashKeys? _keys;
    private readonly StickySessions? _sessions;
    private readonly Forwarder _forwarder;
    private readonly TrafficWatch _watch;
    private readonly RetryBudget _budget;
    private readonly TimeProvider _time;

    /// <param name="pool">The first snapshot that it is the path of.</param>
    /// <param name="strategy">The pool's.</param>
    /// <param name="forwarder">The pool's.</param>
    /// <param name="watch">The pool's.</param>
    /// <param name="shared">What it has in common with the others of its pool.</param>
    public RetryLoop(
        PoolSnapshot pool, BalanceStrategy strategy, Forwarder forwarder, TrafficWatch watch, PoolTraffic shared)
        : base(strategy)
    {
        (_options, _strategy, _forwarder, _time) = (pool.Options, strategy, forwarder, shared.Time);
        (_picker, _budget, _watch) = (shared.Picker, shared.Budget, watch);
        _keys = strategy.UsesKey ? new HashKeys(_options) : null;
        _sessions = _options.StickySession.Enabled ? new StickySessions(_options, pool.ByIndex) : null;
        Shared = shared;
    }

    /// <summary>What outlives the configuration.</summary>
    public PoolTraffic Shared { get; }

    public Forwarder Forwarder => _forwarder;

    public PoolOptions Options => _options;

    public override void Retire() => _picker.Retire();

    public async FrameTask<AttemptResult> RunAsync(Exchange exchange)
    {
        var course = Begin(exchange);
        var key = _keys?.Of(exchange) ?? 0;
        var session = _sessions?.Bound(exchange);
        var holdsBudget = false;
        var result = new AttemptResult(ForwardError.NoneAvailable);
        try
        {
            while (true)
            {
                var picked = await PickAsync(exchange, course, key, session);
                if (picked.Backend is not { } backend)
                {
                    // What the last backend did says more than that there is no other.
                    return course.Tried.IsEmpty ? new AttemptResult(picked.Error) : result;
                }

                course.Try(backend);
                exchange.SessionCookie = backend == session ? null : _sessions?.CookieFor(backend, exchange);
                exchange.Gate = GateFor(exchange, course, holdsBudget);
                var began = Stopwatch.GetTimestamp();
                var stage = BeginAttempt(exchange, backend);
                result = default;
                try
                {
                    result = await _forwarder.AttemptAsync(exchange, backend, course.OnNewConnection);
                }
                finally
                {
                    EndAttempt(exchange, backend, result, stage, began);
                }

                holdsBudget |= exchange.Gate?.HasTakenBudget == true;
                if (result.Error == ForwardError.None
                    || !course.MayGoOn(
                        backend, result, result.RequestBodyTouched && !exchange.CanRewindBody,
                        Stopwatch.GetElapsedTime(began)))
                {
                    return result;
                }

                (holdsBudget, var end) = await PrepareNextAsync(exchange, result, holdsBudget);
                if (end is { } ended)
                {
                    return ended;
                }
            }
        }
        finally
        {
            if (holdsBudget)
            {
                _budget.GiveBack();
            }
        }
    }

    private RetryCourse Begin(Exchange exchange)
    {
        exchange.Timer.Begin(exchange.Timeouts.Total);
        var course = new RetryCourse(exchange, _options);
        if (course.MayRepeat && exchange.HasRequestBody)
        {
            exchange.KeepRequestBody(_options.Retry.MaxBody);
        }

        return course;
    }

    /// <summary>Makes a request fit for another attempt.</summary>
    /// <returns>Whether it holds a part of the budget now; what it ends with where it may not be sent again.</returns>
    private async ValueTask<(bool HoldsBudget, AttemptResult? End)> PrepareNextAsync(
        Exchange exchange, AttemptResult result, bool holdsBudget)
    {
        exchange.RewindBody();
        exchange.Timer.BeginAttempt();
        var needsBudget = ForwardErrorRules.WasSent(result.Error) && !holdsBudget;
        holdsBudget |= needsBudget && await _budget.TryTakeAsync(exchange.Pool, _time, exchange.Timer.Token);
        // The wait may have lasted until the end of its time.
        return (holdsBudget, exchange.Timer.Final is var final and not ForwardError.None ? new AttemptResult(final)
            : needsBudget && !holdsBudget ? result
            : null);
    }

    private AnswerGate? GateFor(Exchange exchange, in RetryCourse course, bool holdsBudget) =>
        _options.Retry.Statuses is { } statuses && course.MayRepeat
            ? new AnswerGate(statuses, exchange.Pool, course.Tried, holdsBudget ? null : _budget)
            : null;

    private ValueTask<Picked> PickAsync(Exchange exchange, in RetryCourse course, ulong key, Backend? session)
    {
        // The backend that knows the client by its connection would not know it by another. It may be another pool's.
        var bound = course.Tried.IsEmpty && exchange.Personal is { Backend: var personal }
            && exchange.Pool.Has(personal) ? personal : session;
        var picking = _picker.TakeAsync(exchange, new PickRequest(course.Tried, key), bound);
        return course.Stale is { } stale ? OrSameAsync(exchange, picking, stale) : picking;
    }

    // Where there is no other: the same one once more, on a new connection.
    private async ValueTask<Picked> OrSameAsync(Exchange exchange, ValueTask<Picked> picking, Backend stale)
    {
        var picked = await picking;
        if (picked.Backend is not null)
        {
            return picked;
        }

        exchange.Timer.BeginAttempt();
        return await Backoff.WaitAsync(_options.Retry, 0, _time, exchange.Timer.Token)
            && exchange.Timer.Final == ForwardError.None && stale.TryBegin(ofSession: true)
            ? new Picked(stale, ForwardError.None)
            : picked;
    }

    /// <returns>The circuit's stage that what comes of it counts for.</returns>
    private CircuitStage? BeginAttempt(Exchange exchange, Backend backend)
    {
        var stage = backend.Circuit?.Stage;
        exchange.Trial = stage is { State: CircuitState.HalfOpen } halfOpen
            ? new CircuitTrial(_watch, _picker, backend, halfOpen)
            : null;
        exchange.Timer.BeginAttempt();
        exchange.IsAnswered = false;
        return stage;
    }

    private void EndAttempt(
        Exchange exchange, Backend backend, in AttemptResult result, CircuitStage? stage, long began)
    {
        var reason = result.ConnectReason;
        exchange.Attempts.Add(backend, result.Error, began, reason);
        var status = exchange.IsAnswered ? exchange.Answer.Status : 0;
        var isSaid = exchange.Trial is { IsOver: true } && !ForwardErrorRules.IsBackendFault(result.Error);
        _watch.End(backend, result.Error, status, isSaid ? null : stage, reason);
        _picker.MadeRoom(backend);
        if (_strategy.Observes)
        {
            var until = exchange.IsAnswered ? exchange.FirstByteAt : Stopwatch.GetTimestamp();
            _strategy.Observe(
                backend, Stopwatch.GetElapsedTime(began, until), VerdictRules.Ejects(result.Error, status));
        }
    }
}
