using System.Runtime.CompilerServices;
using MiniLB.Async;

namespace MiniLB.Tests.Async;

public sealed class SparesTests
{
    [Fact]
    public void FramesThatAThreadKeeps_AreLeftToTheCollector_OnceItLetsGo() => OnAnotherThread(() =>
    {
        var used = Use();
        GC.Collect();
        Assert.True(used.IsAlive);

        Spares.LetGo();

        GC.Collect();
        Assert.False(used.IsAlive);
        Use(); // and it goes on
    });

    [Fact]
    public void ThreadThatKeepsNothing_HasNothingToLetGo() => OnAnotherThread(Spares.LetGo);

    /// <returns>The frame of a method that has waited and is over.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Use()
    {
        var gate = new Gate();
        var waiting = WaitAsync(gate);
        gate.Open();
        Assert.True(waiting.GetResult());
        return gate.Frame!;
    }

    private static async FrameTask<bool> WaitAsync(Gate gate)
    {
        await gate;
        return true;
    }

    private static void OnAnotherThread(Action what)
    {
        Exception? failure = null;
        var thread = new Thread(() => failure = Record.Exception(what));
        thread.Start();
        thread.Join();
        Assert.Null(failure);
    }

    /// <summary>Is waited for until it is opened.</summary>
    private sealed class Gate : INotifyCompletion
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
}
