using MiniLB.Transport.Epoll;

namespace MiniLB.Tests.Transport.Epoll;

public sealed class LoopEntryTests
{
    [Fact]
    public async Task WhoeverAwaitsIt_GoesOnOnTheLoop_HoweverLate()
    {
        var entry = LoopPair.Loop.EnterAsync();
        await LoopPair.OnLoopAsync(() => true); // the loop has had its time
        await Assert.ThrowsAsync<TimeoutException>(ThrowAsync).WaitAsync(TimeSpan.FromSeconds(30));

        async Task ThrowAsync()
        {
            await Task.Yield();
            Assert.Null(EventLoop.Current);
            await entry;
            Assert.Same(LoopPair.Loop, EventLoop.Current);
            await LoopPair.Loop.EnterAsync(); // where it is already
            Assert.Same(LoopPair.Loop, EventLoop.Current);
            throw new TimeoutException("goes to whoever waits");
        }
    }
}
