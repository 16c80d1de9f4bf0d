using Microsoft.Extensions.Logging.Abstractions;
using MiniLB.Config.Options;
using MiniLB.RequestPath;
using MiniLB.RequestPath.Balance;
using MiniLB.RequestPath.Forward;
using MiniLB.RequestPath.Retry;
using MiniLB.State;
using MiniLB.Tests.RequestPath;

namespace MiniLB.Tests.Simulation;

/// <summary>A pool under load without sockets or threads: the program's own strategy, verdicts, ejection and retry
/// decisions in the order in which <see cref="RetryLoop"/> takes them, over backends that a test makes slow or
/// sick.</summary>
internal sealed class SimulatedPool
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(100);

    private readonly SimulatedTime _time = new();
    private readonly PoolOptions _options;
    private readonly BalanceStrategy _strategy;
    private readonly World _world;
    private readonly TrafficWatch _watch;
    private readonly RetryBudget _budget;
    private readonly Random _random = new(1);
    private readonly Exchange _get = TestExchange.From("192.0.2.1");
    private readonly PriorityQueue<Request, long> _events = new();
    private readonly HashSet<Backend> _ejected = [];
    private TimeSpan _nextBeat;
    private Outcome _outcome;
    private ulong _key;

    public SimulatedPool(StrategyName strategy, int backends)
    {
        _options = Sample.PoolOptions(
            [.. Enumerable.Range(0, backends).Select(i => Sample.BackendOptions($"http://10.0.0.{i}:80"))]) with
        {
            Strategy = strategy,
            HealthCheck = new HealthCheckOptions { Enabled = false },
        };
        _strategy = Strategies.Create(_options, _time);
        _world = Sample.World(_strategy, _options, _time);
        _world.BeginServing();
        _watch = new TrafficWatch(_world, _options, NullLogger.Instance);
        _budget = new RetryBudget(_options.Retry);
        _outcome = new Outcome(backends);
    }

    /// <summary>How long a backend takes; null where it breaks the connection after a millisecond.</summary>
    public Func<Backend, TimeSpan?> Serves { get; set; } = _ => TimeSpan.FromMilliseconds(10);

    public PoolSnapshot Pool => _world.Current.DefaultPool;

    public int RetriesHeld => _budget.Used;

    /// <summary>Requests that arrive evenly.</summary>
    public Outcome Run(int requests, TimeSpan between)
    {
        _outcome = new Outcome(Pool.All.Length);
        for (var i = 0; i < requests; i++)
        {
            var arrival = _time.Now + between;
            HappenUntil(arrival);
            _time.Now = arrival;
            _outcome.Requests++;
            Attempt(new Request(new RetryCourse(_get, _options), NextKey()));
        }

        return _outcome;
    }

    /// <summary>Lets all that is under way come to its end.</summary>
    public void Drain() => HappenUntil(TimeSpan.MaxValue);

    private ulong NextKey() => _key += 0x9E3779B97F4A7C15;

    private void HappenUntil(TimeSpan until)
    {
        while (_events.TryPeek(out var request, out var at) && at <= until.Ticks)
        {
            _events.Dequeue();
            _time.Now = new TimeSpan(at);
            BeatWhenDue();
            if (request.Backend is null)
            {
                TakeBudget(request);
            }
            else
            {
                End(request, request.Backend);
            }
        }

        BeatWhenDue();
    }

    // What the rotation loop does where there are no probes, but for its connects.
    private void BeatWhenDue()
    {
        if (_time.Now < _nextBeat)
        {
            return;
        }

        _nextBeat = _time.Now + Beat;
        _ejected.RemoveWhere(b =>
            Pool[b].Ejection is not { } e || (_time.Now >= e.Until && _world.Readmit(b, e)));
    }

    private void Attempt(Request request)
    {
        var pick = new PickRequest(request.Course.Tried, request.Key);
        if (_strategy.Pick(Pool, pick) is not { } backend || !backend.TryBegin())
        {
            Finish(request, failed: true);
            return;
        }

        request.Course.Try(backend);
        request.Backend = backend;
        request.Began = _time.Now;
        _outcome.Sends++;
        _outcome.Shares[backend.Index]++;
        var takes = Serves(backend);
        request.Fails = takes is null;
        _events.Enqueue(request, (_time.Now + (takes ?? TimeSpan.FromMilliseconds(1))).Ticks);
    }

    private void End(Request request, Backend backend)
    {
        var result = new AttemptResult(request.Fails ? ForwardError.BackendClosed : ForwardError.None);
        _watch.End(backend, result.Error, request.Fails ? 0 : 200, began: null);
        var verdict = VerdictRules.Ejects(result.Error, request.Fails ? 0 : 200);
        _strategy.Observe(backend, _time.Now - request.Began, verdict);
        if (Pool[backend].Ejection is not null)
        {
            _ejected.Add(backend);
        }

        if (!request.Fails || !request.Course.MayGoOn(backend, result, bodyIsLost: false, TimeSpan.Zero))
        {
            Finish(request, request.Fails);
            return;
        }

        request.Backend = null;
        TakeBudget(request);
    }

    private void TakeBudget(Request request)
    {
        if (_budget.TryTake(Pool.InFlight))
        {
            request.HoldsBudget = true;
            Attempt(request);
        }
        else if (request.Waits == RetryBudget.MostWaits)
        {
            Finish(request, failed: true);
        }
        else
        {
            var wait = Backoff.Length(_options.Retry, request.Waits++, _random.NextDouble());
            _events.Enqueue(request, (_time.Now + wait).Ticks);
        }
    }

    private void Finish(Request request, bool failed)
    {
        _outcome.Failed += failed ? 1 : 0;
        if (request.HoldsBudget)
        {
            _budget.GiveBack();
        }
    }

    private sealed class Request(RetryCourse course, ulong key)
    {
        // A field: its methods change it.
        public RetryCourse Course = course;

        public ulong Key => key;

        public Backend? Backend { get; set; }

        public TimeSpan Began { get; set; }

        public bool Fails { get; set; }

        public bool HoldsBudget { get; set; }

        public int Waits { get; set; }
    }
}
