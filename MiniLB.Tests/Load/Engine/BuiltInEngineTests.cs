using MiniLB.Load.Engine;
using MiniLB.Load.Profiles;

namespace MiniLB.Tests.Load.Engine;

public sealed class BuiltInEngineTests
{
    private static readonly Outcome Answered = new(null, null, 0, 0);

    private readonly FakeLoadClock _clock = new();
    private readonly List<TimeSpan> _starts = [];

    [Fact]
    public async Task OpenStages_StartEachRequestAtItsTime_HoweverLongEarlierOnesTake()
    {
        var never = new TaskCompletionSource<Outcome>();
        var stages = new[] { Stage(LoadShape.Open, 100, 100, 2), Stage(LoadShape.Open, 100, 300, 2) };
        _clock.At(TimeSpan.FromSeconds(4), () => never.SetResult(Answered));

        await RunAsync(() => new ValueTask<Outcome>(never.Task), stages);

        var expected = Enumerable.Range(0, 200).Select(n => Arrivals.At(stages[0], n))
            .Concat(Enumerable.Range(0, 400).Select(n => TimeSpan.FromSeconds(2) + Arrivals.At(stages[1], n)));
        Assert.Equal(expected, _starts);
    }

    [Fact]
    public async Task Stall_IsFeltByAllWhoWouldHaveComeMeanwhile()
    {
        // Nothing is answered in the second second of ten: a tenth of the requests wait for its end.
        var waiting = new List<TaskCompletionSource<Outcome>>();
        _clock.At(TimeSpan.FromSeconds(2), () => waiting.ForEach(w => w.SetResult(Answered)));
        var result = await RunAsync(
            () =>
            {
                if (_clock.Now < TimeSpan.FromSeconds(1) || _clock.Now >= TimeSpan.FromSeconds(2))
                {
                    return ValueTask.FromResult(Answered);
                }

                waiting.Add(new TaskCompletionSource<Outcome>());
                return new ValueTask<Outcome>(waiting[^1].Task);
            },
            Stage(LoadShape.Open, 100, 100, 10));

        var latency = Latencies.Of(result.Total.Latency);
        Assert.Equal(1000, result.Total.Requests);
        Assert.Equal(0, latency.P75);
        Assert.InRange(latency.P95, 490, 511);
        Assert.InRange(latency.P99, 890, 911);
        Assert.InRange(latency.Max, 999, 1001);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(0)]
    public async Task ClosedStages_KeepTheirNumberInFlight(double from)
    {
        var (inFlight, most, requests) = (0, 0, 0);
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var stop = new CancellationTokenSource();
        var profile = new LoadProfile(
            TimeSpan.Zero, [Stage(LoadShape.Closed, from, 8, 0.2), Stage(LoadShape.Closed, 8, 8, 60)],
            OfCapacity: false, []);
        var clock = new MachineClock();

        await new BuiltInEngine(clock).RunAsync(
            new LoadRun("test", RequestAsync, profile, new Recorder(clock, []), Folder: null), stop.Token);

        Assert.Equal((0, 8), (inFlight, most));

        async ValueTask<Outcome> RequestAsync()
        {
            var now = Interlocked.Increment(ref inFlight);
            InterlockedMax(ref most, now);
            if (now == 8)
            {
                all.TrySetResult();
            }

            await all.Task;
            if (Interlocked.Increment(ref requests) == 10_000)
            {
                await stop.CancelAsync();
            }

            Interlocked.Decrement(ref inFlight);
            return Answered;
        }
    }

    [Fact]
    public async Task WarmUp_IsNotCounted()
    {
        var requests = 0;
        var result = await RunAsync(
            () =>
            {
                requests++;
                return ValueTask.FromResult(Answered);
            },
            TimeSpan.FromSeconds(3), Stage(LoadShape.Open, 10, 10, 2));

        Assert.Equal(50, requests);
        Assert.Equal(20, result.Total.Requests);
    }

    [Fact]
    public async Task Pause_StartsNothing()
    {
        await RunAsync(
            () => ValueTask.FromResult(Answered),
            Stage(LoadShape.Open, 10, 10, 1), Stage(LoadShape.Pause, 0, 0, 5), Stage(LoadShape.Open, 10, 10, 1));

        Assert.Equal(20, _starts.Count);
        Assert.DoesNotContain(_starts, s => s > TimeSpan.FromSeconds(1) && s < TimeSpan.FromSeconds(6));
    }

    [Fact]
    public async Task Stopped_EndsSoon_AndKeepsWhatWasCounted()
    {
        using var stop = new CancellationTokenSource();
        _clock.At(TimeSpan.FromSeconds(1), stop.Cancel);

        var result = await RunAsync(
            () => ValueTask.FromResult(Answered), TimeSpan.Zero, [Stage(LoadShape.Open, 100, 100, 60)], stop.Token);

        Assert.InRange(result.Total.Requests, 99, 101);
    }

    [Fact]
    public async Task MoreThanTheGeneratorCanHold_AreCountedAsFailed()
    {
        var never = new TaskCompletionSource<Outcome>();
        _clock.At(TimeSpan.FromSeconds(1), () => never.SetResult(Answered));

        var result = await RunAsync(
            () => new ValueTask<Outcome>(never.Task), Stage(LoadShape.Open, 10_500, 10_500, 1));

        Assert.Equal(500, result.Total.Failures[FailureNames.GeneratorFull]);
        Assert.Equal(10_500, result.Total.Requests);
    }

    private Task<LoadResult> RunAsync(Func<ValueTask<Outcome>> request, params LoadStage[] stages) =>
        RunAsync(request, TimeSpan.Zero, stages);

    private async Task<LoadResult> RunAsync(
        Func<ValueTask<Outcome>> request, TimeSpan warmUp, LoadStage[] stages, CancellationToken stop = default)
    {
        var recorder = new Recorder(_clock, []);
        var profile = new LoadProfile(warmUp, stages, OfCapacity: false, []);
        await new BuiltInEngine(_clock).RunAsync(
            new LoadRun("test", () => Started(request), profile, recorder, Folder: null), stop);
        return recorder.Result();
    }

    private Task<LoadResult> RunAsync(Func<ValueTask<Outcome>> request, TimeSpan warmUp, LoadStage stage) =>
        RunAsync(request, warmUp, [stage]);

    private ValueTask<Outcome> Started(Func<ValueTask<Outcome>> request)
    {
        lock (_starts)
        {
            _starts.Add(_clock.Now);
        }

        return request();
    }

    private static LoadStage Stage(LoadShape shape, double from, double to, double seconds) =>
        new(shape, from, to, TimeSpan.FromSeconds(seconds));

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen; seen = Volatile.Read(ref most))
        {
            Interlocked.CompareExchange(ref most, value, seen);
        }
    }
}
