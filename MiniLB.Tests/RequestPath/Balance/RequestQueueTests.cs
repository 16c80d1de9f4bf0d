using MiniLB.Config.Options;
using MiniLB.RequestPath.Balance;
using MiniLB.State;

namespace MiniLB.Tests.RequestPath.Balance;

public sealed class RequestQueueTests
{
    private readonly RequestQueue _queue = new(new QueueOptions { Size = 3 });
    private readonly Backend _backend = new(Sample.BackendOptions("http://a") with { MaxInFlight = 1 }, 0);

    [Fact]
    public async Task First_IsServedFirst()
    {
        _backend.TryBegin();
        var waiting = Enumerable.Range(0, 3).Select(_ => Join()).ToArray();

        foreach (var request in waiting)
        {
            Assert.False(request.Turn.IsCompleted);
            Free();
            Assert.Same(_backend, await request.Turn);
        }

        Assert.Equal(0, _queue.Count);
        Assert.Equal(1, _backend.InFlight);
    }

    [Fact]
    public async Task FullQueue_TakesNoMore_UntilOneLeaves()
    {
        _backend.TryBegin();
        var waiting = Enumerable.Range(0, 3).Select(_ => Join()).ToArray();
        Assert.False(_queue.TryJoin(Request()));

        _queue.Leave(waiting[1]);

        Assert.Null(await waiting[1].Turn);
        Assert.True(_queue.TryJoin(Request()));
        Free();
        Assert.True(waiting[0].Turn.IsCompletedSuccessfully);
        Free();
        Assert.True(waiting[2].Turn.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task OneThatLeavesAfterItsTurnHasCome_KeepsItsBackend()
    {
        _backend.TryBegin();
        var request = Join();
        Free();

        _queue.Leave(request);

        Assert.Same(_backend, await request.Turn);
    }

    [Fact]
    public async Task OneThatNeedsAnotherBackend_HoldsNobodyUp()
    {
        var other = new Backend(Sample.BackendOptions("http://b") with { MaxInFlight = 1 }, 0);
        _backend.TryBegin();
        other.TryBegin();
        var bound = new QueuedRequest(takesAny: false, _ => other.TryBegin() ? other : null);
        _queue.TryJoin(bound);
        var any = Join();

        Free();

        Assert.False(bound.Turn.IsCompleted);
        Assert.Same(_backend, await any.Turn);
    }

    // A join and a release at the same moment: one of the two must see the other.
    [Fact]
    public async Task ManyAtOnce_NoneIsForgotten_AndNoPlaceIsLost()
    {
        var queue = new RequestQueue(new QueueOptions { Size = 10_000 });
        var backend = new Backend(Sample.BackendOptions("http://a") with { MaxInFlight = 2 }, 0);
        var most = 0;

        await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 500; i++)
            {
                if (queue.Count > 0 || !backend.TryBegin())
                {
                    var request = new QueuedRequest(takesAny: true, _ => backend.TryBegin() ? backend : null);
                    Assert.True(queue.TryJoin(request));
                    await request.Turn.WaitAsync(TimeSpan.FromSeconds(30));
                }

                most = Math.Max(most, backend.InFlight);
                backend.End(sent: true, failed: false);
                queue.Serve(backend);
            }
        })));

        Assert.Equal((0, 0, 32_000), (queue.Count, backend.InFlight, backend.Sends));
        // One that is being refused is counted for a moment.
        Assert.InRange(most, 1, 2 + 64);
    }

    private QueuedRequest Request() => new(takesAny: true, _ => _backend.TryBegin() ? _backend : null);

    private QueuedRequest Join()
    {
        var request = Request();
        Assert.True(_queue.TryJoin(request));
        return request;
    }

    private void Free()
    {
        _backend.End(sent: true, failed: false);
        _queue.Serve(_backend);
    }
}
