using MiniLB.Config;
using MiniLB.Config.Options;

namespace MiniLB.State;

/// <summary>What the sources of all pools have answered last, and which backends a pool has by that.</summary>
/// <remarks>Used under the world's lock. An answer outlives reloads for as long as a pool has its source.</remarks>
internal sealed class SourceAnswers
{
    private readonly Dictionary<string, IReadOnlyList<BackendOptions>> _answers = [];

    public bool Has(BackendSource source) => _answers.ContainsKey(source.Key);

    public void Put(BackendSource source, IReadOnlyList<BackendOptions> found) => _answers[source.Key] = found;

    /// <summary>Forgets what no pool asks for.</summary>
    public void Keep(BalancerOptions options)
    {
        var keys = options.Pools.SelectMany(p => p.Sources).Select(s => s.Key).ToHashSet();
        foreach (var key in _answers.Keys.Where(k => !keys.Contains(k)).ToArray())
        {
            _answers.Remove(key);
        }
    }

    /// <summary>The pool with the backends that its sources have found, each once: what is listed stands before what
    /// is found, and the first source before the others.</summary>
    /// <param name="pool">With or without what they had found before.</param>
    /// <param name="leftOut">How many are more than a pool can have.</param>
    /// <returns>The same one where nothing is different.</returns>
    public PoolOptions Expand(PoolOptions pool, out int leftOut)
    {
        leftOut = 0;
        if (pool.Sources.Count == 0)
        {
            return pool;
        }

        List<BackendOptions> all = [.. pool.Backends.Where(b => b.Source is null or { Kind: SourceKind.File })];
        var known = all.Select(b => b.Address).ToHashSet();
        foreach (var source in pool.Sources.Where(Has))
        {
            foreach (var backend in Of(source, _answers[source.Key]).Where(b => known.Add(b.Address)))
            {
                if (all.Count < PoolOptions.MostBackends)
                {
                    all.Add(backend);
                }
                else
                {
                    leftOut++;
                }
            }
        }

        return all.SequenceEqual(pool.Backends) ? pool : pool with { Backends = all };
    }

    // Weights are relative to the others of their level: where the heaviest would be too heavy, all become lighter.
    private static IEnumerable<BackendOptions> Of(BackendSource source, IReadOnlyList<BackendOptions> found)
    {
        var heaviest = found.GroupBy(b => b.IsBackup).ToDictionary(
            level => level.Key, level => Math.Max((double)BackendOptions.MostWeight, level.Max(b => b.Weight)
                * (double)source.Weight));
        return found.Select(b => b with
        {
            Source = source,
            Weight = Math.Max(1, (int)Math.Round(
                (double)b.Weight * source.Weight * BackendOptions.MostWeight / heaviest[b.IsBackup])),
            MaxInFlight = source.MaxInFlight,
            IsBackup = b.IsBackup || source.IsBackup,
        });
    }
}
