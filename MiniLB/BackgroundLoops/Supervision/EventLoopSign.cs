using MiniLB.Transport.Epoll;

namespace MiniLB.BackgroundLoops.Supervision;

/// <summary>Whether an event loop works, which serves clients.</summary>
internal sealed class EventLoopSign(EventLoop loop) : LifeSign
{
    // Written by the loop and by whoever asks, never by both at once.
    private volatile bool _hasAnswered = true;

    public override string Name => "an event thread";

    public override bool HasAnswered => _hasAnswered;

    public override void Ask()
    {
        _hasAnswered = false;
        loop.Post(static sign => ((EventLoopSign)sign)._hasAnswered = true, this);
    }
}
