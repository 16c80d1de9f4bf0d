using System.Runtime.CompilerServices;

namespace MiniLB.Tests.Async;

/// <summary>Is waited for until it is opened, and knows the frame of whoever waits.</summary>
internal sealed class Gate : INotifyCompletion
{
    private Action? _goOn;

    public WeakReference? Frame { get; private set; }

    public bool IsCompleted => false;

    public Gate GetAwaiter() => this;

    public void GetResult()
    {
        // There is none.
    }

    public void OnCompleted(Action continuation) =>
        (_goOn, Frame) = (continuation, new WeakReference(continuation.Target));

    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Open()
    {
        var goOn = _goOn!;
        _goOn = null;
        goOn();
    }
}
