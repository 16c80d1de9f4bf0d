using System.Text.Json;

namespace MiniLB.State;

/// <summary>Counts clients that were turned away, by reason.</summary>
internal sealed class Refusals
{
    private readonly long[] _counts = new long[Reasons.Count];
    private long _dryRun;

    /// <summary>The words for the reasons, by number; part of the metrics' format.</summary>
    public static IReadOnlyList<string> Reasons { get; } =
        [.. Enum.GetNames<Refusal>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)];

    /// <summary>Requests that a rate limit would have refused, if it did more than count.</summary>
    public long DryRun => Volatile.Read(ref _dryRun);

    public void Count(Refusal reason) => Interlocked.Increment(ref _counts[(int)reason]);

    public void CountDryRun() => Interlocked.Increment(ref _dryRun);

    public long Of(Refusal reason) => Volatile.Read(ref _counts[(int)reason]);
}
