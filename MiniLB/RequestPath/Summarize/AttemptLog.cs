using System.Diagnostics;
using MiniLB.RequestPath.Forward;
using MiniLB.State;

namespace MiniLB.RequestPath.Summarize;

/// <summary>The attempts of one request, in order. The first costs no memory.</summary>
internal sealed class AttemptLog
{
    private readonly List<Attempt> _attempts = new(1);

    public int Count => _attempts.Count;

    public Attempt? Last => _attempts.Count == 0 ? null : _attempts[^1];

    public Attempt this[int index] => _attempts[index];

    /// <param name="backend">Whose attempt.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="began">Timestamp of <see cref="Stopwatch"/>.</param>
    /// <param name="reason">Why it ended so, where more is known.</param>
    public void Add(Backend backend, ForwardError outcome, long began, string? reason = null) =>
        _attempts.Add(new Attempt(backend, outcome)
        {
            Began = began,
            // One that went well ends with its request: only the others pay for a look at the clock.
            Ended = outcome == ForwardError.None ? 0 : Stopwatch.GetTimestamp(),
            Reason = reason,
        });

    public bool Has(Backend backend)
    {
        foreach (var attempt in _attempts)
        {
            if (attempt.Backend == backend)
            {
                return true;
            }
        }

        return false;
    }

    public void Clear() => _attempts.Clear();

    /// <summary>All attempts, the last one included, for the log.</summary>
    public Attempt[] ToArray() => _attempts.Count == 0 ? [] : [.. _attempts];
}

/// <summary>One attempt and its outcome.</summary>
internal readonly record struct Attempt(Backend Backend, ForwardError Outcome)
{
    /// <summary>Timestamps of <see cref="Stopwatch"/>; the end is 0 where it went well.</summary>
    public long Began { get; init; }

    public long Ended { get; init; }

    /// <summary>Why it ended so, in words; null where the outcome says all.</summary>
    public string? Reason { get; init; }
}
