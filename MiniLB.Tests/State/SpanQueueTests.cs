using MiniLB.State;

namespace MiniLB.Tests.State;

public sealed class SpanQueueTests
{
    [Fact]
    public void Spans_ComeOutInTheirOrder_SoManyAtATime()
    {
        var queue = new SpanQueue();
        for (var i = 0; i < 5; i++)
        {
            queue.Add(Sample.Span($"/{i}"));
        }

        Assert.Equal(["/0", "/1", "/2"], queue.Take(3).Select(s => s.Target));
        Assert.Equal(["/3", "/4"], queue.Take(3).Select(s => s.Target));
        Assert.Empty(queue.Take(3));
        Assert.Equal(0, queue.Dropped);
    }

    [Fact]
    public void Spans_ThatDoNotFit_AreCounted()
    {
        var queue = new SpanQueue();
        for (var i = 0; i < 5_000; i++)
        {
            queue.Add(Sample.Span("/"));
        }

        Assert.Equal(5_000, queue.Take(int.MaxValue).Count + queue.Dropped);
        Assert.True(queue.Dropped > 0);
    }
}
