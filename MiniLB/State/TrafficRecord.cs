namespace MiniLB.State;

/// <summary>The counters of one pool or backend, and what a tick each second makes of them: rates, and the latencies of
/// the last moments.</summary>
internal sealed class TrafficRecord
{
    /// <summary>The recent latencies are those of the last one to two of these.</summary>
    public static readonly TimeSpan LatencyWindow = TimeSpan.FromSeconds(30);

    private TimeSpan _windowAge;

    // The histogram when the window before this one began, and when this one began. Their low 32 bits are enough for
    // a difference. Replaced whole by the tick, so that a reader sees one moment.
    private volatile uint[]? _before;
    private uint[]? _latest;

    public TrafficCounters Counters { get; } = new();

    public TrafficRates Rates { get; } = new();

    /// <summary>Once a second, from one thread.</summary>
    public void Tick(TimeSpan elapsed)
    {
        var count = Counters.Count;
        Rates.Tick(count, elapsed);
        _windowAge += elapsed;
        if (_windowAge >= LatencyWindow && count > 0)
        {
            Span<long> counts = stackalloc long[LatencyBuckets.Count];
            counts.Clear();
            Counters.AddBucketsTo(counts);
            var now = new uint[LatencyBuckets.Count];
            for (var i = 0; i < now.Length; i++)
            {
                now[i] = (uint)counts[i];
            }

            (_before, _latest, _windowAge) = (_latest, now, TimeSpan.Zero);
        }
    }

    /// <summary>Adds the recent latencies to the counts given.</summary>
    public void AddRecentTo(Span<long> counts)
    {
        Span<long> now = stackalloc long[LatencyBuckets.Count];
        now.Clear();
        var before = _before;
        Counters.AddBucketsTo(now);
        for (var i = 0; i < now.Length; i++)
        {
            counts[i] += (uint)now[i] - (before is null ? 0u : before[i]);
        }
    }
}
