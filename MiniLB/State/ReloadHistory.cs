namespace MiniLB.State;

/// <summary>How the configuration was read since the start. Written by the reload, read by whoever looks.</summary>
internal sealed class ReloadHistory(TimeProvider time)
{
    private volatile ReloadOutcome _last = new(time.GetUtcNow(), []);
    private long _succeeded;
    private long _failed;

    /// <summary>The start counts as one that has succeeded.</summary>
    public ReloadOutcome Last => _last;

    public long Succeeded => Volatile.Read(ref _succeeded);

    public long Failed => Volatile.Read(ref _failed);

    /// <param name="errors">Why it did not succeed; empty where it did.</param>
    public void Note(IReadOnlyList<string> errors)
    {
        Interlocked.Increment(ref errors.Count == 0 ? ref _succeeded : ref _failed);
        _last = new ReloadOutcome(time.GetUtcNow(), errors);
    }
}

/// <summary>What became of one reading of the configuration.</summary>
/// <param name="Time">When.</param>
/// <param name="Errors">Why it is not in effect; empty where it is.</param>
internal sealed record ReloadOutcome(DateTimeOffset Time, IReadOnlyList<string> Errors);

/// <summary>What a reload has done.</summary>
/// <param name="Errors">Why it has done nothing; empty where it has succeeded.</param>
/// <param name="Changes">A line for each difference to what was in effect before.</param>
/// <param name="AtNextStart">Those of the changed keys that only take effect at the next start.</param>
internal sealed record ReloadResult(
    IReadOnlyList<string> Errors, IReadOnlyList<string> Changes, IReadOnlyList<string> AtNextStart);
