using MiniLB.State;

namespace MiniLB.BackgroundLoops.Memory;

/// <summary>Gives the memory of a peak back to the system. The collector looks at it only where something is allocated,
/// and who serves few clients after many allocates next to nothing.</summary>
internal sealed class MemoryLoop(World world, TimeProvider time)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // Connections to backends are kept for a while after their clients have left.
        var (clients, backends) = (default(Peak), default(Peak));
        using var beats = new Beats(Period, time, cancellationToken);
        while (await beats.NextAsync())
        {
            if (clients.IsOver(world.Statistics.Connections.Count) | backends.IsOver(ToBackends()))
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            }
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
