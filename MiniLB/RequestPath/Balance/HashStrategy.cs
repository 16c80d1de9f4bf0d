using MiniLB.State;

namespace MiniLB.RequestPath.Balance;

/// <summary>The same backend for the same key: choose ipHash where a client's requests belong together, consistentHash
/// where a backend's cache or session is found by path, header or cookie.</summary>
/// <remarks>The table is made of all backends of the pool, up or not: a key whose backend cannot be used walks on to
/// another, and all other keys stay.</remarks>
/// <param name="name">The name by which a configuration chooses it.</param>
/// <param name="boundedLoad">Load of a backend as a multiple of its share, above which keys walk on; 0 means no
/// bound (Mirrokni et al., "Consistent hashing with bounded loads", 2016).</param>
internal sealed class HashStrategy(string name, double boundedLoad) : BalanceStrategy
{
    // The tables made last. Used under the lock of whoever publishes snapshots.
    private readonly Dictionary<bool, Made> _tables = [];

    public override string Name => name;

    public override bool UsesKey => true;

    public override object? Plan(PoolSnapshot pool) =>
        pool.Candidates.Length == 0 ? null : new HashPlan(pool, TableOf(pool), boundedLoad);

    public override Backend? Pick(PoolSnapshot pool, in PickRequest request) =>
        ((HashPlan?)pool.Plan)?.Pick(request.Key, request.Excluded);

    // Primaries have a table of their own, and backups too: those of one kind come in when the others are gone.
    private MaglevTable TableOf(PoolSnapshot pool)
    {
        var ofBackups = Array.TrueForAll(pool.Candidates, b => b.IsBackup);
        var members = Array.FindAll(pool.All, b => b.IsBackup == ofBackups);
        var weights = Array.ConvertAll(members, b => pool[b].Weight);
        var urls = Array.ConvertAll(members, b => b.Url);
        if (!_tables.TryGetValue(ofBackups, out var last) || !last.IsOf(members, urls, weights))
        {
            last = new Made(members, urls, weights, new MaglevTable(members, weights));
            _tables[ofBackups] = last;
        }

        return last.Table;
    }

    /// <summary>A table and what it was made of.</summary>
    private sealed record Made(Backend[] Members, string[] Urls, int[] Weights, MaglevTable Table)
    {
        public bool IsOf(Backend[] members, string[] urls, int[] weights) =>
            Members.AsSpan().SequenceEqual(members) && Urls.AsSpan().SequenceEqual(urls)
            && Weights.AsSpan().SequenceEqual(weights);
    }
}
