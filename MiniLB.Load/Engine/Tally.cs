namespace MiniLB.Load.Engine;

/// <summary>Counts outcomes. Each worker has its own, so that counting takes no lock.</summary>
internal sealed class Tally
{
    public long Requests { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>Latencies of the requests that did not fail.</summary>
    public LatencyHistogram Latency { get; } = new();

    public SortedDictionary<string, long> Failures { get; } = new(StringComparer.Ordinal);

    public void Add(Outcome outcome, TimeSpan latency)
    {
        Requests++;
        Bytes += outcome.Bytes;
        if (outcome.Failure is { } kind)
        {
            Failures[kind] = Failures.GetValueOrDefault(kind) + 1;
        }
        else
        {
            Latency.Add(latency);
        }
    }

    public static Tally Sum(IEnumerable<Tally> tallies)
    {
        var sum = new Tally();
        foreach (var tally in tallies)
        {
            sum.Requests += tally.Requests;
            sum.Bytes += tally.Bytes;
            sum.Latency.Add(tally.Latency);
            foreach (var (kind, count) in tally.Failures)
            {
                sum.Failures[kind] = sum.Failures.GetValueOrDefault(kind) + count;
            }
        }

        return sum;
    }
}
