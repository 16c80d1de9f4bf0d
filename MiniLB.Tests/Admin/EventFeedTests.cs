using System.Text;
using MiniLB.Admin;
using MiniLB.State;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Admin;

public sealed class EventFeedTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Gap = TimeSpan.FromMilliseconds(50);

    private readonly FakeTimeProvider _time = new();
    private readonly World _world = Sample.World(1, 1);
    private readonly RecordedLog _log = new();
    private readonly CancellationTokenSource _end = new();
    private readonly EventFeed _feed;
    private Task _running = Task.CompletedTask;
    private int _made;
    private volatile bool _breaks;

    public EventFeedTests() => _feed = new EventFeed(_world, Make, _time, _log);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _end.CancelAsync();
        await _running;
    }

    public void Dispose() => _end.Dispose();

    [Fact]
    public async Task Stream_IsToldAtOnce()
    {
        using var stream = _feed.Open()!;
        Start();

        Assert.Equal("data: {1}\n\n", await NextAsync(stream));
    }

    [Fact]
    public async Task Second_IsTold_OnceForAllStreams()
    {
        using var one = _feed.Open()!;
        using var other = _feed.Open()!;
        // Both are there before anything is told, and see all of it.
        Start();
        string?[] first = [await NextAsync(one), await NextAsync(other)];

        var second = Task.WhenAll(NextAsync(one), NextAsync(other));
        await PassAsync(second, TimeSpan.FromSeconds(1));

        Assert.All(first, text => Assert.Equal("data: {1}\n\n", text));
        Assert.All(await second, text => Assert.Equal("data: {2}\n\n", text));
        Assert.Equal(2, Volatile.Read(ref _made));
    }

    [Fact]
    public async Task Change_IsTold_BeforeTheSecondIsOver()
    {
        using var stream = _feed.Open()!;
        Start();
        await NextAsync(stream);
        var began = _time.GetTimestamp();

        var next = NextAsync(stream);
        _world.SetUp(_world.Current.DefaultPool.All[0], false);
        await PassAsync(next, Gap);

        Assert.True(_time.GetElapsedTime(began) < TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task NobodyWatches_NoDocumentIsMade()
    {
        Start();
        using (var stream = _feed.Open()!)
        {
            await NextAsync(stream);
        }

        var before = Volatile.Read(ref _made);
        for (var i = 0; i < 20; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(1));
        }

        using var later = _feed.Open()!;
        await PassAsync(NextAsync(later), Gap);

        // The last of the ticks may be heard only now that somebody watches.
        Assert.InRange(Volatile.Read(ref _made), before + 1, before + 2);
    }

    [Fact]
    public async Task SlowStream_GoesOnWithTheLatest()
    {
        using var quick = _feed.Open()!;
        using var slow = _feed.Open()!;
        Start();
        await NextAsync(slow);
        await NextAsync(quick);
        for (var i = 0; i < 3; i++)
        {
            await PassAsync(NextAsync(quick), TimeSpan.FromSeconds(1));
        }

        Assert.Equal($"data: {{{Volatile.Read(ref _made)}}}\n\n", await NextAsync(slow));
    }

    [Fact]
    public void MoreStreamsThanThereMayBe_AreRefused_UntilOneEnds()
    {
        var streams = Enumerable.Range(0, EventFeed.MostStreams).Select(_ => _feed.Open()).ToArray();

        Assert.DoesNotContain(null, streams);
        Assert.Null(_feed.Open());
        Assert.Null(_feed.Open());
        streams[0]!.Dispose();
        Assert.NotNull(_feed.Open());
        Assert.Null(_feed.Open());
    }

    [Fact]
    public async Task DocumentThatCannotBeMade_IsTheLogsMatter_AndTheNextIsTold()
    {
        using var stream = _feed.Open()!;
        Start();
        await NextAsync(stream);
        _breaks = true;
        await Eventually.True(() => Passed(TimeSpan.FromSeconds(1), () => _log.Lines.Count > 0), "a line in the log");
        _breaks = false;

        var next = NextAsync(stream);
        await PassAsync(next, TimeSpan.FromSeconds(1));

        Assert.StartsWith("Warning the dashboard cannot be told", _log.Lines[0], StringComparison.Ordinal);
        Assert.NotNull(await next);
    }

    [Fact]
    public async Task End_EndsTheStreams_ThoseThatComeLaterToo()
    {
        using var stream = _feed.Open()!;
        Start();
        await NextAsync(stream);
        var next = NextAsync(stream);

        await _end.CancelAsync();

        Assert.Null(await next);
        using var late = _feed.Open()!;
        Assert.Null(await NextAsync(late));
        Assert.Null(await NextAsync(late));
    }

    [Fact]
    public async Task ClientThatHasGone_IsToldNothing()
    {
        using var stream = _feed.Open()!;
        Start();
        await NextAsync(stream);
        using var gone = new CancellationTokenSource();
        var next = stream.NextAsync(gone.Token).AsTask();

        await gone.CancelAsync();

        Assert.Null(await next);
    }

    private void Start() => _running = _feed.RunAsync(_end.Token);

    private byte[] Make() => _breaks
        ? throw new InvalidOperationException("broken")
        : Encoding.UTF8.GetBytes($"{{{Interlocked.Increment(ref _made)}}}");

    private static async Task<string?> NextAsync(EventStream stream) =>
        await stream.NextAsync(CancellationToken.None) is { } text ? Encoding.UTF8.GetString(text) : null;

    /// <summary>Lets time pass, and then so little of it at a time that no second is over before the deadline, for a
    /// loop that begins its wait only now.</summary>
    private Task PassAsync(Task told, TimeSpan time)
    {
        _time.Advance(time);
        return Eventually.True(() => Passed(TimeSpan.FromMilliseconds(0.3), () => told.IsCompleted), "an event");
    }

    private bool Passed(TimeSpan step, Func<bool> condition)
    {
        if (condition())
        {
            return true;
        }

        _time.Advance(step);
        return condition();
    }
}
