namespace MiniLB.State;

/// <summary>How many requests of one pool wait for room at a backend.</summary>
/// <remarks>Written by the pool's queue, under its lock; read by whoever wants to know.</remarks>
internal sealed class WaitingCount
{
    private int _now;

    public int Now => Volatile.Read(ref _now);

    /// <summary>A fence: what the caller reads next was not read before the count could be seen.</summary>
    public void Join() => Interlocked.Increment(ref _now);

    public void Leave() => Interlocked.Decrement(ref _now);
}
