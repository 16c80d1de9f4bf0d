using System.Diagnostics;

namespace MiniLB.State;

/// <summary>How many requests of one pool wait for room at a backend, and how long they have waited in all.</summary>
/// <remarks>Written by the pool's queue, under its lock; read by whoever wants to know.</remarks>
internal sealed class WaitingCount
{
    private int _now;
    private long _joined;
    private long _waited;
    private long _changed;

    public int Now => Volatile.Read(ref _now);

    /// <summary>Requests that have joined the queue since the start.</summary>
    public long Joined => Volatile.Read(ref _joined);

    /// <summary>The waits of all of them, up to the last that joined or left.</summary>
    public TimeSpan Waited => Stopwatch.GetElapsedTime(0, Volatile.Read(ref _waited));

    /// <summary>A fence: what the caller reads next was not read before the count could be seen.</summary>
    public void Join()
    {
        CountTime();
        Volatile.Write(ref _joined, _joined + 1);
        Interlocked.Increment(ref _now);
    }

    public void Leave()
    {
        CountTime();
        Interlocked.Decrement(ref _now);
    }

    // The waits of all are the area under the length of the queue: nobody has to remember when it came.
    private void CountTime()
    {
        var now = Stopwatch.GetTimestamp();
        Volatile.Write(ref _waited, _waited + (_now * (now - _changed)));
        _changed = now;
    }
}
