using System.Runtime.CompilerServices;

namespace MiniLB.State;

/// <summary>For how long each garbage collection has stopped the process.</summary>
/// <remarks>The runtime tells the sum only; so each collection leaves an object to be finalized after it, which looks
/// at how much the sum has grown. Where several have passed at once each is given its share.</remarks>
internal sealed class CollectionPauses
{
    // Written by the thread that finalizes.
    private readonly long[] _counts = new long[LatencyBuckets.Count];
    private int _collections;
    private long _ticks;

    /// <summary>Of all that were counted.</summary>
    public TimeSpan Duration => TimeSpan.FromTicks(Volatile.Read(ref _ticks));

    /// <summary>By bucket; see <see cref="LatencyBuckets"/>.</summary>
    public ReadOnlySpan<long> Counts => _counts;

    /// <summary>Counts from now on; those before are counted with the next.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Watch() => _ = new Sign(this);

    /// <param name="collections">Since the start of the process.</param>
    /// <param name="duration">Of all their pauses.</param>
    internal void Note(int collections, TimeSpan duration)
    {
        var count = collections - _collections;
        if (count > 0)
        {
            _counts[LatencyBuckets.Of((duration.Ticks - _ticks) / count)] += count;
            _collections = collections;
            Volatile.Write(ref _ticks, duration.Ticks);
        }
    }

    /// <summary>Nobody refers to it, and so the next collection finds it.</summary>
    private sealed class Sign(CollectionPauses pauses)
    {
        ~Sign()
        {
            pauses.Note(GC.CollectionCount(0), GC.GetTotalPauseDuration());
            pauses.Watch();
        }
    }
}
