using MiniLB.Config.Options;
using MiniLB.RequestPath.Balance;
using MiniLB.RequestPath.Forward;
using MiniLB.State;

namespace MiniLB.Tests.RequestPath.Balance;

public sealed class RequestQueueTests
{
    private readonly Backend _a = Full("http://a", 0);
    private readonly Backend _b = Full("http://b", 1);

    [Fact]
    public void Waiting_AreServedInTheOrderInWhichTheyCame()
    {
        var queue = Queue(10);
        var requests = Enumerable.Range(0, 5).Select(_ => Join(queue, Any())).ToArray();
        var order = new List<int>();

        for (var i = 0; i < requests.Length; i++)
        {
            Free(queue, _a);
            order.AddRange(requests.Index().Where(r => r.Item.Turn.IsCompleted && !order.Contains(r.Index))
                .Select(r => r.Index).ToArray());
        }

        Assert.Equal([0, 1, 2, 3, 4], order);
        Assert.All(requests, r => Assert.Same(_a, Given(r)));
        Assert.Equal((0, 1), (queue.Count, _a.InFlight));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void FullQueue_RefusesTheNext_UntilOneHasLeft(int size)
    {
        var queue = Queue(size);
        var waiting = Enumerable.Range(0, size).Select(_ => Join(queue, Any())).ToArray();

        Assert.False(queue.TryJoin(Any()));
        Assert.Equal(size, queue.Count);

        if (size > 0)
        {
            queue.Leave(waiting[1]);
            Assert.True(queue.TryJoin(Any()));
            Assert.False(queue.TryJoin(Any()));
        }
    }

    [Fact]
    public void FullQueue_StillServes_WhomTheOthersLeaveRoomFor()
    {
        var queue = Queue(1);
        Join(queue, Only(_a));
        _b.End(sent: true, failed: false);

        var other = Any();
        Assert.True(queue.TryJoin(other));

        Assert.Same(_b, Given(other));
        Assert.Equal(1, queue.Count);
    }

    [Fact]
    public void Joining_WithRoomLeft_ServesThoseBeforeItFirst()
    {
        var queue = Queue(10);
        var first = Join(queue, Any());
        _a.End(sent: true, failed: false);

        var second = Join(queue, Any());

        Assert.Same(_a, Given(first));
        Assert.False(second.Turn.IsCompleted);
    }

    [Fact]
    public void Leaving_GivesUpOnesPlace_AndNobodyElses()
    {
        var queue = Queue(10);
        var (first, second, third) = (Join(queue, Any()), Join(queue, Any()), Join(queue, Any()));

        queue.Leave(second);
        queue.Leave(second);
        Assert.Null(Given(second));
        Assert.Equal(2, queue.Count);

        Free(queue, _a);
        Free(queue, _b);
        Assert.Same(_a, Given(first));
        Assert.Same(_b, Given(third));
        Assert.Equal(0, queue.Count);
    }

    [Fact]
    public void Leaving_AfterOnesTurnHasCome_KeepsTheBackend()
    {
        var queue = Queue(10);
        var request = Join(queue, Any());
        Free(queue, _a);

        queue.Leave(request);

        Assert.Same(_a, Given(request));
        Assert.Equal((0, 1), (queue.Count, _a.InFlight));
    }

    [Fact]
    public void FreedBackend_GoesToTheFirstThatMayUseIt()
    {
        var queue = Queue(10);
        var (forB, any, forA) = (Join(queue, Only(_b)), Join(queue, Any()), Join(queue, Only(_a)));

        Free(queue, _a);
        Assert.Same(_a, Given(any));
        Assert.False(forB.Turn.IsCompleted || forA.Turn.IsCompleted);

        Free(queue, _b);
        Assert.Same(_b, Given(forB));
        Assert.False(forA.Turn.IsCompleted);

        Free(queue, _a);
        Assert.Same(_a, Given(forA));
    }

    [Fact]
    public void OneThatFindsNoRoom_DoesNotHideAnotherThatMay()
    {
        var queue = Queue(10);
        var any = Join(queue, new QueuedRequest(takesAny: true, _ => null));
        var forA = Join(queue, Only(_a));

        Free(queue, _a);

        Assert.Same(_a, Given(forA));
        Assert.False(any.Turn.IsCompleted);
    }

    [Fact]
    public void Serving_AnEmptyQueue_TakesNothing()
    {
        var queue = Queue(10);

        Free(queue, _a);

        Assert.Equal(0, _a.InFlight);
    }

    /// <summary>Every request that joins is served, though each freeing races with each joining; and no place at the
    /// backend is lost or given twice.</summary>
    [Fact]
    public async Task ManyThreads_ThatJoinAndFree_LoseNoWakeUpAndNoPlace()
    {
        const int Threads = 8;
        const int Each = 20_000;
        var queue = Queue(Threads);
        var backend = new Backend(Sample.BackendOptions("http://a") with { MaxInFlight = 2 }, 0);
        var (most, now) = (0, 0);

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < Each; i++)
            {
                if (queue.Count > 0 || !backend.TryBegin())
                {
                    var waiting = Only(backend);
                    Assert.True(queue.TryJoin(waiting));
                    Assert.Same(backend, (await waiting.Turn.WaitAsync(TimeSpan.FromSeconds(30)))?.Backend);
                }

                most = Math.Max(most, Interlocked.Increment(ref now));
                Interlocked.Decrement(ref now);
                backend.End(sent: true, failed: false);
                queue.Serve(backend);
            }
        })));

        Assert.InRange(most, 1, 2);
        Assert.Equal((Threads * Each, 0, 0), (backend.Sends, backend.InFlight, queue.Count));
    }

    /// <summary>As above, with requests that leave at any moment: what they were given at that moment is theirs to give
    /// back.</summary>
    [Fact]
    public async Task ManyThreads_ThatLeaveWhileTheyAreServed_LoseNoPlace()
    {
        const int Threads = 8;
        const int Each = 10_000;
        var queue = Queue(Threads);
        var backend = new Backend(Sample.BackendOptions("http://a") with { MaxInFlight = 1 }, 0);
        var (served, gaveUp) = (0, 0);

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(async () =>
        {
            for (var i = 0; i < Each; i++)
            {
                var waiting = Only(backend);
                Assert.True(queue.TryJoin(waiting));
                if ((i + thread) % 2 == 0)
                {
                    queue.Leave(waiting);
                }

                if (await waiting.Turn.WaitAsync(TimeSpan.FromSeconds(30)) is null)
                {
                    Interlocked.Increment(ref gaveUp);
                    continue;
                }

                Interlocked.Increment(ref served);
                backend.End(sent: true, failed: false);
                queue.Serve(backend);
            }
        })));

        Assert.Equal(Threads * Each, served + gaveUp);
        Assert.Equal((served, 0, 0), (backend.Sends, backend.InFlight, queue.Count));
    }

    private static Backend? Given(QueuedRequest request)
    {
        Assert.True(request.Turn.IsCompleted);
        return request.Turn.Result?.Backend;
    }

    private static RequestQueue Queue(int size) => new(new QueueOptions { Size = size }, new WaitingCount());

    private static Backend Full(string url, int index)
    {
        var backend = new Backend(Sample.BackendOptions(url) with { MaxInFlight = 1 }, index);
        Assert.True(backend.TryBegin());
        return backend;
    }

    private static QueuedRequest Join(RequestQueue queue, QueuedRequest request)
    {
        Assert.True(queue.TryJoin(request));
        return request;
    }

    private static void Free(RequestQueue queue, Backend backend)
    {
        backend.End(sent: true, failed: false);
        queue.Serve(backend);
    }

    private QueuedRequest Any() => new(takesAny: true, freed => Begun(freed, _a) ?? Begun(freed, _b));

    private static QueuedRequest Only(Backend backend) => new(takesAny: false, freed => Begun(freed, backend));

    private static Picked? Begun(Backend? freed, Backend backend) =>
        (freed is null || freed == backend) && backend.TryBegin() ? new Picked(backend, ForwardError.None) : null;
}
