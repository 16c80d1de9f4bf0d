using MiniLB.Async;
using MiniLB.State;
using MiniLB.Transport.Epoll;

namespace MiniLB.BackgroundLoops.Memory;

/// <summary>Collects garbage where it disturbs least, and gives the memory of a peak back to the system: the collector
/// looks at that only where something is allocated, and who serves few clients after many allocates next to
/// nothing.</summary>
/// <remarks>A collection stops all threads. One that another thread begins has to wait for an event loop on the same
/// processor to be let run, only to stop: 1 to 3 ms, against 0.4 where it is the loop's own (docs/performance.md).
/// </remarks>
internal sealed class MemoryLoop(World world, TimeProvider time)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private static IReadOnlyList<EventLoop> Loops => EventLoops.OfProcess?.All ?? [];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // Connections to backends are kept for a while after their clients have left.
        var (clients, backends, garbage) = (default(Peak), default(Peak), new Garbage());
        using var beats = new Beats(Period, time, cancellationToken);
        while (await beats.NextAsync())
        {
            if (clients.IsOver(world.Statistics.Connections.Count) | backends.IsOver(ToBackends()))
            {
                await GiveBackAsync();
            }
            else if (garbage.IsMuch(GC.GetTotalAllocatedBytes(), GC.CollectionCount(0)) && Loops.Count > 0)
            {
                await Loops[0].EnterAsync();
                GC.Collect(0, GCCollectionMode.Forced, blocking: true);
            }
        }
    }

    private static async Task GiveBackAsync()
    {
        foreach (var loop in Loops)
        {
            await loop.EnterAsync();
            Spares.LetGo();
        }

        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
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
