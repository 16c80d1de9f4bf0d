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
    // A key finds another backend within a few steps unless almost none is left.
    private const int MostSteps = 32;

    // The tables made last. Used under the lock of whoever publishes snapshots.
    private readonly Dictionary<bool, (Backend[] All, int[] Weights, MaglevTable Table)> _tables = [];

    public override string Name => name;

    public override bool UsesKey => true;

    public override object? Plan(PoolSnapshot pool)
    {
        if (pool.Candidates.Length == 0)
        {
            return null;
        }

        var steps = new byte[pool.All.Length];
        var shares = new int[pool.All.Length];
        for (var i = 0; i < pool.Candidates.Length; i++)
        {
            var index = pool.Candidates[i].Index;
            (steps[index], shares[index]) = ((byte)pool[pool.Candidates[i]].Steps, pool.Shares[i]);
        }

        return new HashPlan(TableOf(pool), steps, shares, shares.Sum(s => (long)s));
    }

    public override Backend? Pick(PoolSnapshot pool, in PickRequest request)
    {
        if (pool.Plan is not HashPlan plan)
        {
            return null;
        }

        var limit = boundedLoad == 0 ? 0 : Limit(pool, plan);
        var key = request.Key;
        for (var step = 0; step < MostSteps; step++)
        {
            var backend = plan.Table[key];
            if (plan.Steps[backend.Index] > 0 && TakesKey(plan, backend, request.Key)
                && (limit == 0 || HasRoom(plan, backend, limit)) && !request.Excluded.Contains(backend))
            {
                return backend;
            }

            key = Next(key);
        }

        return Walk(pool.Candidates, key, request.Excluded);
    }

    // While a backend starts slowly its keys come home one after the other, and none leaves again.
    private static bool TakesKey(HashPlan plan, Backend backend, ulong key) =>
        plan.Steps[backend.Index] == BackendStatus.FullSteps
        || Next(key ^ (ulong)backend.Index) % BackendStatus.FullSteps < plan.Steps[backend.Index];

    // Requests in flight for each share that a backend may have.
    private double Limit(PoolSnapshot pool, HashPlan plan) => (pool.InFlight + 1) * boundedLoad / plan.Shares;

    private static bool HasRoom(HashPlan plan, Backend backend, double limit) =>
        backend.InFlight < Math.Ceiling(limit * plan.ShareOf[backend.Index]);

    private static Backend? Walk(Backend[] candidates, ulong key, in BackendSet excluded)
    {
        for (var i = 0UL; i < (ulong)candidates.Length; i++)
        {
            var backend = candidates[(key + i) % (ulong)candidates.Length];
            if (!excluded.Contains(backend))
            {
                return backend;
            }
        }

        return null;
    }

    // The finaliser of SplitMix64: another number that looks unlike the first.
    private static ulong Next(ulong key)
    {
        key += 0x9E3779B97F4A7C15;
        key = (key ^ (key >> 30)) * 0xBF58476D1CE4E5B9;
        key = (key ^ (key >> 27)) * 0x94D049BB133111EB;
        return key ^ (key >> 31);
    }

    // Primaries have a table of their own, and backups too: those of one kind come in when the others are gone.
    private MaglevTable TableOf(PoolSnapshot pool)
    {
        var ofBackups = Array.TrueForAll(pool.Candidates, b => b.IsBackup);
        var members = Array.FindAll(pool.All, b => b.IsBackup == ofBackups);
        var weights = Array.ConvertAll(members, b => pool[b].Weight);
        if (!_tables.TryGetValue(ofBackups, out var last)
            || last.All != pool.All || !last.Weights.AsSpan().SequenceEqual(weights))
        {
            last = (pool.All, weights, new MaglevTable(members, weights));
            _tables[ofBackups] = last;
        }

        return last.Table;
    }

    /// <param name="Table">Who owns which key.</param>
    /// <param name="Steps">How far slow start has come, by index; 0 for those that are no candidates.</param>
    /// <param name="ShareOf">By index.</param>
    /// <param name="Shares">All of them.</param>
    private sealed record HashPlan(MaglevTable Table, byte[] Steps, int[] ShareOf, long Shares);
}
