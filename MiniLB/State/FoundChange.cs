using MiniLB.Config;
using MiniLB.Config.Options;

namespace MiniLB.State;

/// <summary>What another answer of a source has changed in one pool.</summary>
/// <param name="Pool">Its name.</param>
/// <param name="Came">Backends that it did not have.</param>
/// <param name="Left">Backends that it has no longer.</param>
internal sealed record FoundChange(
    string Pool, IReadOnlyList<BackendOptions> Came, IReadOnlyList<BackendOptions> Left)
{
    /// <summary>How many more there are than a pool can have.</summary>
    public int LeftOut { get; init; }

    /// <summary>Why nothing was changed; null where it was.</summary>
    public string? Problem { get; init; }

    public static FoundChange Between(PoolOptions before, PoolOptions after)
    {
        var (old, now) = (Addresses(before), Addresses(after));
        return new FoundChange(
            after.Name,
            [.. after.Backends.Where(b => !old.Contains(b.Address))],
            [.. before.Backends.Where(b => !now.Contains(b.Address))]);
    }

    private static HashSet<BackendAddress> Addresses(PoolOptions pool) => [.. pool.Backends.Select(b => b.Address)];
}
