namespace MiniLB.State;

/// <summary>What the process remembers of its traffic, beside what pools and backends count for themselves.</summary>
internal sealed class Statistics(World world, TimeProvider time)
{
    public const int MostFailures = 1000;

    private readonly long _started = time.GetTimestamp();

    public DateTimeOffset Started { get; } = time.GetUtcNow();

    public DateTimeOffset Now => time.GetUtcNow();

    public TimeSpan Uptime => time.GetElapsedTime(_started);

    /// <summary>Requests that never got as far as a pool: MiniLB answered or refused them itself.</summary>
    public TrafficRecord Own { get; } = new();

    public Recent<FailedRequest> Failures { get; } = new(MostFailures);

    public ReloadHistory Reloads { get; } = new(time);

    public Refusals Refusals { get; } = new();

    /// <summary>Lines of the access log that nobody will read.</summary>
    public LineCount LostLines { get; } = new();

    public CollectionPauses Pauses { get; } = new();

    public SourceRecords Sources { get; } = new();

    public HealthHistory Health { get; } = new(world, time);

    /// <summary>Set before the first listener opens.</summary>
    public ClientConnections Connections { get; } = new();

    /// <summary>The words for the numbers that failures are counted by; the request path's.</summary>
    public IReadOnlyList<string> Reasons { get; set; } = [];

    /// <summary>Once a second, from one thread.</summary>
    public void Tick(TimeSpan elapsed)
    {
        Own.Tick(elapsed);
        foreach (var pool in world.Current.Pools)
        {
            pool.Traffic.Tick(elapsed);
            foreach (var backend in pool.All)
            {
                backend.Counters.Traffic.Tick(elapsed);
            }
        }
    }
}
