using System.Runtime.CompilerServices;

namespace MiniLB.Transport.Epoll;

/// <summary>Is awaited by whoever goes on on the thread of an event loop.</summary>
/// <remarks>No task: whoever awaits one that the loop has completed already goes on where it is.</remarks>
internal readonly struct LoopEntry(EventLoop loop) : ICriticalNotifyCompletion
{
    public bool IsCompleted => loop.IsCurrent;

    public LoopEntry GetAwaiter() => this;

    public void GetResult()
    {
        // There is none.
    }

    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    public void UnsafeOnCompleted(Action continuation) => loop.Post(static c => ((Action)c)(), continuation);
}
