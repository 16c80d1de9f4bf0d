namespace MiniLB.State;

/// <summary>How long a backend takes to begin its answers: jumps to a peak at once, and comes down slowly.</summary>
/// <remarks>Peak EWMA (Finagle). Written by every request that ends, without a lock: of two at the same moment one may
/// be
/// lost, which an average forgives.</remarks>
internal sealed class LatencyAverage
{
    // Half of what was known is forgotten in 7 s.
    private const double DecaySeconds = 10;

    private double _seconds;
    private long _at;
    private long _pickedAt;
    private volatile bool _isKnown;

    /// <summary>False until the first request has told something.</summary>
    public bool IsKnown => _isKnown;

    /// <summary>The pick at which the backend was last picked, counted by the strategy.</summary>
    public long PickedAt
    {
        get => Volatile.Read(ref _pickedAt);
        set => Volatile.Write(ref _pickedAt, value);
    }

    /// <param name="now">On the clock of the process.</param>
    /// <returns>Seconds; what was not confirmed by a request fades.</returns>
    public double Seconds(TimeSpan now)
    {
        var age = new TimeSpan(now.Ticks - Volatile.Read(ref _at)).TotalSeconds;
        return Volatile.Read(ref _seconds) * Math.Exp(-Math.Max(0, age) / DecaySeconds);
    }

    public void Observe(double seconds, TimeSpan now)
    {
        var average = Seconds(now);
        var age = new TimeSpan(now.Ticks - Volatile.Read(ref _at)).TotalSeconds;
        var kept = Math.Exp(-Math.Max(0, age) / DecaySeconds);
        Volatile.Write(ref _seconds, seconds > average
            ? seconds
            : (Volatile.Read(ref _seconds) * kept) + (seconds * (1 - kept)));
        Volatile.Write(ref _at, now.Ticks);
        _isKnown = true;
    }

    /// <summary>Forgets half: it was not picked for so long that what is known of it may no longer be true.</summary>
    public void Forgive() => Volatile.Write(ref _seconds, Volatile.Read(ref _seconds) / 2);
}
