using System.Runtime.CompilerServices;
using MiniLB.Async;
using MiniLB.Wire;

namespace MiniLB.Tests.Async;

public sealed class SparesTests
{
    [Fact]
    public void FramesThatAThreadKeeps_AreLeftToTheCollector_OnceItLetsGo() => OnAnotherThread(() =>
    {
        for (var times = 0; times < 2; times++)
        {
            var used = Use();
            GC.Collect();
            Assert.True(used.IsAlive);

            Spares.LetGo();

            GC.Collect();
            Assert.False(used.IsAlive);
        }
    });

    [Fact]
    public void MemoryForFields_IsLeftToTheCollectorToo() => OnAnotherThread(() =>
    {
        var allocated = OfFields();
        Assert.InRange(OfFields(), 0, allocated / 2);

        Spares.LetGo();

        Assert.InRange(OfFields(), allocated / 2, allocated);
    });

    [Fact]
    public void ThreadThatKeepsNothing_HasNothingToLetGo() => OnAnotherThread(Spares.LetGo);

    /// <returns>How much was allocated for a list of fields: less where its memory was kept.</returns>
    private static long OfFields()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var fields = new FieldList();
        fields.Add("name"u8, "value"u8);
        fields.LetGo();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

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
}
