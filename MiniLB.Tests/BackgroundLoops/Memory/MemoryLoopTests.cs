using System.Runtime.CompilerServices;
using MiniLB.Async;
using MiniLB.BackgroundLoops.Memory;
using MiniLB.Tests.Async;
using MiniLB.Tests.Journeys.Harness;
using MiniLB.Tests.Transport.Epoll;

namespace MiniLB.Tests.BackgroundLoops.Memory;

public sealed class MemoryLoopTests
{
    [Fact]
    public async Task WhatTheThreadsOfLoopsKeep_IsCollectedAfterAPeak()
    {
        var kept = await LoopPair.OnLoopAsync(Keep);
        GC.Collect();
        Assert.True(kept.IsAlive);
        var memory = new MemoryLoop(Sample.World(), TimeProvider.System, [LoopPair.Loop]);

        memory.GiveBack();

        await Eventually.True(() => !kept.IsAlive, "that it is collected");
        memory.GiveBack(); // and once more after the next
        var again = await LoopPair.OnLoopAsync(Keep);
        memory.GiveBack();
        await Eventually.True(() => !again.IsAlive, "that it is collected again");
    }

    [Fact]
    public async Task WhatABurstHasLeft_IsCollectedOnceThatIsOver()
    {
        var kept = await LoopPair.OnLoopAsync(Keep);
        var (clock, bytes, beats) = (new FakeTimeProvider(), 0L, 0);
        using var end = new CancellationTokenSource();
        var running = new MemoryLoop(Sample.World(), clock, [LoopPair.Loop], Read).RunAsync(end.Token);

        await Eventually.True(() => Beat() > 30, "beats");
        Assert.True(kept.IsAlive); // nothing was allocated

        Volatile.Write(ref bytes, 20 * 1024 * 1024);
        await Eventually.True(() => Beat() > 0 && !kept.IsAlive, "that it is collected");
        await end.CancelAsync();
        await running;

        long Read()
        {
            beats++;
            return Volatile.Read(ref bytes);
        }

        int Beat()
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return Volatile.Read(ref beats);
        }
    }

    /// <returns>What the thread keeps from now on.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Keep()
    {
        var gate = new Gate();
        var waiting = WaitAsync(gate);
        gate.Open();
        waiting.GetResult();
        return gate.Frame!;
    }

    private static async FrameTask<bool> WaitAsync(Gate gate)
    {
        await gate;
        return true;
    }
}
