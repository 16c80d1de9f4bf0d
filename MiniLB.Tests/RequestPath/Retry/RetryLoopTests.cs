using Microsoft.Extensions.Logging.Abstractions;
using MiniLB.Async;
using MiniLB.Config.Options;
using MiniLB.RequestPath;
using MiniLB.RequestPath.Balance;
using MiniLB.RequestPath.Forward;
using MiniLB.RequestPath.Retry;
using MiniLB.State;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.RequestPath.Retry;

/// <summary>What becomes of requests whose attempts end as a test says.</summary>
public sealed class RetryLoopTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly ScriptedForwarder _forwarder = new();
    private World _world = null!;
    private RetryLoop _loop = null!;

    private Backend[] All => _world.Current.DefaultPool.All;

    public void Dispose() => _forwarder.Dispose();

    [Fact]
    public async Task StreamOfATrial_HoldsNoTrial_OnceItsHeadHasCome()
    {
        Loop(1, circuit: new CircuitBreakerOptions { Enabled = true, MinRequests = 1, Trials = 2 });
        HalfOpen(All[0]);
        var streams = new[] { Run(), Run() };
        var waiting = Run();
        Assert.Equal((2, 1), (_forwarder.Running.Count, _world.Current.DefaultPool.Waiting.Now));

        _forwarder.Answer(0, 200);
        Assert.Equal(CircuitState.HalfOpen, All[0].Circuit!.State);
        _forwarder.Answer(1, 200);

        Assert.Equal(CircuitState.Closed, All[0].Circuit!.State);
        await Eventually.True(() => _forwarder.Running.Count == 3, "the one that waited goes on");
        Assert.Equal(3, All[0].InFlight);
        await EndAllAsync([.. streams, waiting]);
        Assert.Equal(CircuitState.Closed, All[0].Circuit!.State);
    }

    [Theory]
    [InlineData(503, "None", "Open")] // by its head
    [InlineData(200, "ResponseBodyBroken", "Open")] // by what followed
    [InlineData(200, "None", "HalfOpen")] // counted once
    [InlineData(200, "ClientGone", "HalfOpen")]
    public async Task Trial_IsDecidedByItsHead_AndUndoneByABrokenBody(int status, string error, string state)
    {
        Loop(1, circuit: new CircuitBreakerOptions { Enabled = true, MinRequests = 1, Trials = 2 });
        HalfOpen(All[0]);
        var stream = Run();

        _forwarder.Answer(0, status);
        _forwarder.End(0, Enum.Parse<ForwardError>(error), started: true);
        await stream;

        Assert.Equal(state, All[0].Circuit!.State.ToString());
        Assert.Equal(state == "Open", _world.Current.DefaultPool[All[0]].IsCircuitOpen);
    }

    // A limit of the first attempt has fired, and before the second one is a wait, which lasts until its time is over.
    [Fact]
    public async Task TotalThatEndsWhileARetryWaits_EndsTheRequest()
    {
        // A random part of it, and of less than a millisecond there is no wait.
        var wait = TimeSpan.FromHours(1);
        Loop(1, total: TimeSpan.FromMilliseconds(200), wait: wait);
        var exchange = TestExchange.In(_world);
        var run = Run(exchange);
        exchange.Timer.Wait(TimeLimit.ResponseHead, TimeSpan.FromMilliseconds(1));
        await Eventually.True(() => exchange.Timer.Token.IsCancellationRequested, "a limit fires");

        _forwarder.End(0, ForwardError.StaleSent);
        await Eventually.True(() => exchange.Timer.Final == ForwardError.TotalTimeout, "its time is over");
        await Eventually.True(
            () =>
            {
                _clock.Advance(wait);
                return run.IsCompleted || _forwarder.Running.Count > 1;
            },
            "its end");

        Assert.Single(_forwarder.Running);
        Assert.Equal(0, All[0].InFlight);
    }

    [Fact]
    public async Task ClientThatHasGone_IsSentNowhereElse()
    {
        Loop(2);
        var exchange = TestExchange.In(_world);
        var run = Run(exchange);

        exchange.Timer.ClientHasGone();
        _forwarder.End(0, ForwardError.ConnectFailed);

        Assert.Equal(ForwardError.ClientGone, (await run).Error);
        Assert.Single(_forwarder.Running);
    }

    private void Loop(
        int backends, CircuitBreakerOptions? circuit = null, TimeSpan total = default, TimeSpan? wait = null)
    {
        var retry = new RetryOptions();
        var options = Sample.PoolOptions(
            [.. Enumerable.Range(0, backends).Select(i => Sample.BackendOptions($"http://b{i}"))]) with
        {
            CircuitBreaker = circuit ?? new CircuitBreakerOptions(),
            Timeouts = new PoolTimeoutOptions { Total = total },
            Ejection = new EjectionOptions { Enabled = false },
            Queue = new QueueOptions { Timeout = TimeSpan.Zero },
            Retry = wait is { } longest ? retry with { Backoff = longest, MaxBackoff = longest } : retry,
        };
        var strategy = new RoundRobinStrategy();
        _world = Sample.World(strategy, options, _clock);
        var pool = _world.Current.DefaultPool;
        _loop = new RetryLoop(
            pool, strategy, _forwarder, new TrafficWatch(_world, options, NullLogger.Instance),
            new PoolTraffic(_world, pool, _clock));
    }

    private Task<AttemptResult> Run(Exchange? exchange = null) =>
        _loop.RunAsync(exchange ?? TestExchange.In(_world)).AsTask();

    private void HalfOpen(Backend backend)
    {
        Sample.OpenCircuit(_world, backend);
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.True(backend.Circuit!.TryHalfOpen());
        _world.FollowCircuit(backend);
    }

    private async Task EndAllAsync(Task<AttemptResult>[] runs)
    {
        for (var i = 0; i < runs.Length; i++)
        {
            _forwarder.End(i, ForwardError.None);
        }

        await Task.WhenAll(runs);
        Assert.All(All, b => Assert.Equal(0, b.InFlight));
    }

    /// <summary>Sends nothing; its attempts are answered and end when a test says so.</summary>
    private sealed class ScriptedForwarder : Forwarder
    {
        private readonly Lock _adding = new();

        /// <summary>Every attempt made, in order.</summary>
        public List<(Exchange Exchange, TaskCompletionSource<AttemptResult> Ends)> Running { get; } = [];

        public void Answer(int attempt, int status)
        {
            Running[attempt].Exchange.Answer.Status = status;
            Running[attempt].Exchange.IsAnswered = true;
        }

        public void End(int attempt, ForwardError error, bool started = false) =>
            Running[attempt].Ends.SetResult(new AttemptResult(error, started));

        public override void Apply(PoolOptions options)
        {
        }

        public override async FrameTask<AttemptResult> AttemptAsync(
            Exchange exchange, Backend backend, bool onNewConnection)
        {
            var ends = new TaskCompletionSource<AttemptResult>();
            lock (_adding)
            {
                Running.Add((exchange, ends));
            }

            return await ends.Task;
        }

        public override void Sweep(long now)
        {
        }

        public override void Dispose()
        {
        }
    }
}
