using System.Collections.Concurrent;
using MiniLB.Tests.Fuzzing.Scripts;

namespace MiniLB.Tests.Fuzzing.Oracle;

/// <summary>Counts findings by kind and keeps the first few of each.</summary>
internal sealed class Findings
{
    private const int KeptOfAKind = 5;

    private readonly ConcurrentDictionary<string, int> _counts = [];
    private readonly ConcurrentQueue<Finding> _kept = [];

    public bool Any => !_counts.IsEmpty;

    public IReadOnlyCollection<Finding> Kept => _kept;

    public IEnumerable<(string Kind, int Count)> Counts =>
        _counts.OrderByDescending(c => c.Value).Select(c => (c.Key, c.Value));

    public void Add(string kind, string detail, FuzzCase? fuzzCase)
    {
        if (_counts.AddOrUpdate(kind, 1, (_, n) => n + 1) <= KeptOfAKind)
        {
            _kept.Enqueue(new Finding(kind, detail, fuzzCase));
        }
    }
}
