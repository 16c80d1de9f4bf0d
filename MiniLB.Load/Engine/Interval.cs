namespace MiniLB.Load.Engine;

/// <summary>A second of a run, in long runs a few: what ended in it.</summary>
/// <param name="Second">When it began, in seconds from the beginning of what is counted.</param>
/// <param name="Seconds">How long it was.</param>
/// <param name="Started">Requests that started in it.</param>
/// <param name="InFlight">Requests in flight at its end.</param>
internal sealed record Interval(
    double Second,
    double Seconds,
    long Started,
    long InFlight,
    long Requests,
    long Failed,
    long Refused,
    Latencies LatencyMs,
    SortedDictionary<string, long> Failures,
    SortedDictionary<string, long> Backends);
