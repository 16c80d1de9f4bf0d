using MiniLB.RequestPath.Forward;
using MiniLB.State;

namespace MiniLB.RequestPath.Summarize;

/// <summary>The attempts of one request, in order. The first costs no memory.</summary>
internal sealed class AttemptLog
{
    private readonly List<Attempt> _attempts = new(1);

    public int Count => _attempts.Count;

    public Attempt? Last => _attempts.Count == 0 ? null : _attempts[^1];

    public void Add(Backend backend, ForwardError outcome) => _attempts.Add(new Attempt(backend, outcome));

    public void Clear() => _attempts.Clear();

    /// <summary>All attempts, the last one included, for the log.</summary>
    public Attempt[] ToArray() => _attempts.Count == 0 ? [] : [.. _attempts];
}

/// <summary>One attempt and its outcome.</summary>
internal readonly record struct Attempt(Backend Backend, ForwardError Outcome);
