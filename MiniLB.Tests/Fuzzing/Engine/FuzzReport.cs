using System.Globalization;
using MiniLB.Tests.Fuzzing.Oracle;

namespace MiniLB.Tests.Fuzzing.Engine;

/// <summary>What a run has done and found.</summary>
internal sealed class FuzzReport(FuzzSettings settings, Findings findings)
{
    private long _cases;
    private long _requests;
    private long _reached;
    private long _mutated;
    private long _mutatedReached;

    public Findings Findings => findings;

    public TimeSpan Elapsed { get; set; }

    public int Descriptors { get; set; }

    public int Mebibytes { get; set; }

    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>Share of all requests that reached a backend, in percent.</summary>
    public double ReachedPercent => Percent(_reached, _requests);

    /// <summary>The same of those that a mutator has touched.</summary>
    public double MutatedReachedPercent => Percent(_mutatedReached, _mutated);

    public void Count(LiveCase live)
    {
        Interlocked.Increment(ref _cases);
        Interlocked.Add(ref _requests, live.Messages.Count);
        Interlocked.Add(ref _reached, live.Reached);
        foreach (var index in live.Script.Mutated.Where(i => i < live.Messages.Count))
        {
            Interlocked.Increment(ref _mutated);
            Interlocked.Add(ref _mutatedReached, live.Arrivals(index) > 0 ? 1 : 0);
        }
    }

    /// <summary>One line.</summary>
    public string Summary() => string.Create(
        CultureInfo.InvariantCulture,
        $"fuzz: {_requests} requests on {_cases} connections in {Elapsed.TotalSeconds:0.0} s "
        + $"({_requests / Math.Max(0.1, Elapsed.TotalSeconds):0}/s), {ReachedPercent:0} % reached a backend "
        + $"({MutatedReachedPercent:0} % of {_mutated} mutated ones), {findings.Counts.Sum(c => c.Count)} findings, "
        + $"{Descriptors} descriptors, {Mebibytes} MiB, seed {settings.Seed}");

    /// <summary>Kinds and counts, and the first of each with its case.</summary>
    public string Details() => string.Join('\n', findings.Counts.Select(c => $"{c.Count,7} {c.Kind}")
        .Concat(findings.Kept.Select(f => $"--- {f.Kind}: {f.Detail}\n    case {f.Case?.Name}")));

    private static double Percent(long part, long whole) => whole == 0 ? 0 : 100.0 * part / whole;
}
