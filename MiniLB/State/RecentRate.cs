namespace MiniLB.State;

/// <summary>How often a backend was picked in the last second (HAProxy breaks ties between idle servers by
/// it).</summary>
internal sealed class RecentRate
{
    private long _second;
    private int _now;
    private int _before;

    /// <param name="milliseconds">The time.</param>
    /// <returns>Picks in the second that ends now, the older part of it estimated.</returns>
    public double At(long milliseconds)
    {
        var age = (milliseconds / 1000) - Volatile.Read(ref _second);
        var part = milliseconds % 1000 / 1000.0;
        return age switch
        {
            0 => Volatile.Read(ref _now) + (Volatile.Read(ref _before) * (1 - part)),
            1 => Volatile.Read(ref _now) * (1 - part),
            _ => 0,
        };
    }

    public void Count(long milliseconds)
    {
        var second = milliseconds / 1000;
        var current = Volatile.Read(ref _second);
        if (second != current && Interlocked.CompareExchange(ref _second, second, current) == current)
        {
            var last = Interlocked.Exchange(ref _now, 0);
            Volatile.Write(ref _before, second == current + 1 ? last : 0);
        }

        Interlocked.Increment(ref _now);
    }
}
