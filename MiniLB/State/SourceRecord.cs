namespace MiniLB.State;

/// <summary>How the look-ups of one source go.</summary>
/// <remarks>Written by the loop that looks up, read by whoever shows it.</remarks>
internal sealed class SourceRecord
{
    private long _failures;
    private long _succeededAt;
    private int _backends;

    // Null while all is well.
    private volatile string? _problem;

    public long Failures => Volatile.Read(ref _failures);

    /// <summary>How many backends it has found, those of other sources included.</summary>
    public int Backends => Volatile.Read(ref _backends);

    /// <summary>When it last had a whole answer; null where it never had.</summary>
    public DateTimeOffset? SucceededAt =>
        Volatile.Read(ref _succeededAt) is var ticks and > 0 ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>Why the last look-up failed; null where it did not.</summary>
    public string? Problem => _problem;

    /// <returns>True where it had failed before, or was never asked.</returns>
    public bool Succeed(int backends, DateTimeOffset now)
    {
        var isNews = _problem is not null || SucceededAt is null;
        Volatile.Write(ref _backends, backends);
        Volatile.Write(ref _succeededAt, now.UtcTicks);
        _problem = null;
        return isNews;
    }

    /// <param name="problem">Why.</param>
    /// <param name="backends">What it has by now, found earlier or in part; null where that is as before.</param>
    /// <returns>True where the last look-up had not failed.</returns>
    public bool Fail(string problem, int? backends)
    {
        var isNews = _problem is null;
        Interlocked.Increment(ref _failures);
        if (backends is { } count)
        {
            Volatile.Write(ref _backends, count);
        }

        _problem = problem;
        return isNews;
    }
}
