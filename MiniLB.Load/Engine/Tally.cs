namespace MiniLB.Load.Engine;

/// <summary>Counts outcomes, of a whole run or of a second of it. Not safe for several threads.</summary>
/// <param name="expected">Failures that the load provokes, by name.</param>
internal sealed class Tally(IReadOnlyList<string> expected)
{
    public long Requests { get; private set; }

    public long Failed { get; private set; }

    /// <summary>Bytes of the requests' bodies.</summary>
    public long BytesOut { get; private set; }

    /// <summary>Bytes of the answers' bodies.</summary>
    public long BytesIn { get; private set; }

    /// <summary>Latencies of the requests that did not fail.</summary>
    public LatencyHistogram Latency { get; } = new();

    /// <summary>Requests that failed as expected; they are not among the failed ones.</summary>
    public long Refused { get; private set; }

    /// <summary>Failed and refused requests by kind.</summary>
    public SortedDictionary<string, long> Failures { get; } = new(StringComparer.Ordinal);

    /// <summary>Requests by who answered; those that do not say so are left out.</summary>
    public SortedDictionary<string, long> Backends { get; } = new(StringComparer.Ordinal);

    public void Add(in Outcome outcome, TimeSpan latency)
    {
        Requests++;
        BytesOut += outcome.BytesOut;
        BytesIn += outcome.BytesIn;
        if (outcome.Backend is { } backend)
        {
            Backends[backend] = Backends.GetValueOrDefault(backend) + 1;
        }

        if (outcome.Failure is { } kind)
        {
            var isExpected = expected.Contains(kind);
            Failed += isExpected ? 0 : 1;
            Refused += isExpected ? 1 : 0;
            Failures[kind] = Failures.GetValueOrDefault(kind) + 1;
        }
        else
        {
            Latency.Add(latency);
        }
    }

    public void Add(Tally other)
    {
        Requests += other.Requests;
        Failed += other.Failed;
        Refused += other.Refused;
        BytesOut += other.BytesOut;
        BytesIn += other.BytesIn;
        Latency.Add(other.Latency);
        Merge(Failures, other.Failures);
        Merge(Backends, other.Backends);
    }

    public void Clear()
    {
        (Requests, Failed, Refused, BytesOut, BytesIn) = (0, 0, 0, 0, 0);
        Latency.Clear();
        Failures.Clear();
        Backends.Clear();
    }

    private static void Merge(SortedDictionary<string, long> into, SortedDictionary<string, long> from)
    {
        foreach (var (name, count) in from)
        {
            into[name] = into.GetValueOrDefault(name) + count;
        }
    }
}
