using System.Collections.Concurrent;
using MiniLB.Config.Options;

namespace MiniLB.State;

/// <summary>How the look-ups of all sources go.</summary>
internal sealed class SourceRecords
{
    private readonly ConcurrentDictionary<string, SourceRecord> _records = [];

    public SourceRecord Of(BackendSource source) => _records.GetOrAdd(source.Key, static _ => new SourceRecord());

    /// <summary>The sources of a configuration, each once, whatever pools have it.</summary>
    public IEnumerable<(BackendSource Source, SourceRecord Record)> Of(BalancerOptions options) =>
        options.Pools.SelectMany(p => p.Sources).DistinctBy(s => s.Key).Select(s => (s, Of(s)));

    /// <summary>Forgets what nobody asks for any more.</summary>
    public void Keep(IReadOnlySet<string> keys)
    {
        foreach (var gone in _records.Keys.Where(k => !keys.Contains(k)))
        {
            _records.TryRemove(gone, out _);
        }
    }
}
