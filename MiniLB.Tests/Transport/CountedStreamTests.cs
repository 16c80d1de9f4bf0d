using MiniLB.Transport;

namespace MiniLB.Tests.Transport;

public sealed class CountedStreamTests
{
    [Fact]
    public async Task Stream_CountsOnceHoweverOftenItIsClosed()
    {
        using var pair = new SocketPair();
        var (opened, closed) = (0, 0);
        var stream = new CountedStream(pair.Ours);
        stream.Count(() => Interlocked.Increment(ref opened), () => Interlocked.Increment(ref closed));
        Assert.Equal((1, 0), (opened, closed));

        Parallel.For(0, 8, _ => stream.Dispose());
        await stream.DisposeAsync();

        Assert.Equal((1, 1), (opened, closed));
    }
}
