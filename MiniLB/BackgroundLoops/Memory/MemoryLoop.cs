using MiniLB.Async;
using MiniLB.State;
using MiniLB.Transport.Epoll;

namespace MiniLB.BackgroundLoops.Memory;

/// <summary>Has garbage collected where that disturbs least, and the memory of a peak given back to the system: the
/// collector looks at that only where something is allocated, and who serves few clients after many allocates next to
/// nothing.</summary>
/// <remarks>A collection stops all threads. One that another thread begins has to wait for an event loop on the same
/// processor to be let run, only to stop (docs/performance.md). It is asked for and not waited for: a loop that is
/// stuck is the watchdog's matter.</remarks>
/// <param name="loops">Those of the process; none where .NET's sockets are used, and the runtime is left to
/// itself.</param>
/// <param name="allocated">Bytes since the start of the process; null asks the runtime.</param>
internal sealed class MemoryLoop(
    World world, TimeProvider time, IReadOnlyList<EventLoop> loops, Func<long>? allocated = null)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    // Bytes; many of them within a beat are 16 MB. The first probes of 1,000 backends allocate 100: each result makes
    // another snapshot of the pool.
    private const long BurstUnit = 16 * 1024;

    // Written by this loop, and by the event loops once they have done what they were asked for.
    private volatile bool _isCollecting;
    private int _letGo;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // Connections to backends are kept for a while after their clients have left.
        var (clients, backends, bursts, garbage) = (default(Peak), default(Peak), default(Peak), new Garbage());
        var before = 0L;
        using var beats = new Beats(Period, time, cancellationToken);
        if (await beats.NextAsync())
        {
            Settle();
        }

        while (await beats.NextAsync())
        {
            var bytes = allocated?.Invoke() ?? GC.GetTotalAllocatedBytes();
            var burst = (bytes - before) / BurstUnit;
            before = bytes;
            if (clients.IsOver(world.Statistics.Connections.Count) | backends.IsOver(ToBackends())
                | bursts.IsOver(burst))
            {
                GiveBack();
            }
            else if (garbage.IsMuch(bytes, GC.CollectionCount(0)))
            {
                Collect();
            }
        }
    }

    /// <summary>Has every loop let go of what it keeps, and the last of them collect everything.</summary>
    internal void GiveBack()
    {
        if (loops.Count == 0)
        {
            CollectAll();
        }
        else if (Interlocked.CompareExchange(ref _letGo, loops.Count, 0) == 0)
        {
            foreach (var loop in loops)
            {
                loop.Post(static m => ((MemoryLoop)m).LetGo(), this);
            }
        }
    }

    private static void CollectAll() =>
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

    private void LetGo()
    {
        Spares.LetGo();
        if (Interlocked.Decrement(ref _letGo) == 0)
        {
            CollectAll();
        }
    }

    private void Collect()
    {
        if (loops.Count > 0 && !_isCollecting)
        {
            _isCollecting = true;
            loops[0].Post(
                static m =>
                {
                    GC.Collect(0, GCCollectionMode.Forced, blocking: true);
                    ((MemoryLoop)m)._isCollecting = false;
                },
                this);
        }
    }

    // What the start has made and is to stay is moved before there is load, in all but an upgrade: the first
    // collections under load would else take 2.5 to 5 ms for it.
    private void Settle()
    {
        if (loops.Count > 0)
        {
            loops[0].Post(
                static _ =>
                {
                    for (var generation = 0; generation < GC.MaxGeneration; generation++)
                    {
                        GC.Collect(generation, GCCollectionMode.Forced, blocking: true);
                    }
                },
                this);
        }
    }

    private long ToBackends()
    {
        var connections = 0L;
        foreach (var pool in world.Current.Pools)
        {
            foreach (var backend in pool.All)
            {
                connections += backend.Connections;
            }
        }

        return connections;
    }
}
