using MiniLB.Admin;

namespace MiniLB.Cli;

/// <summary>A backend as an operator names it: POOL/BACKEND, or BACKEND where there is one pool.</summary>
/// <param name="Pool">Null where it was left out.</param>
/// <param name="Backend">Host and port, or the URL.</param>
internal sealed record BackendName(string? Pool, string Backend)
{
    /// <returns>Null where it names none.</returns>
    public static BackendName? Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        // The slashes of a URL are no separators.
        var url = text.IndexOf("://", StringComparison.Ordinal);
        var hasPool = slash >= 0 && (url < 0 || slash < url);
        var name = hasPool ? new BackendName(text[..slash], text[(slash + 1)..]) : new BackendName(null, text);
        return name.Pool is "" || name.Backend.Length == 0 ? null : name;
    }

    /// <summary>Where the admin address has it.</summary>
    /// <param name="pools">All that there is, for a name without a pool.</param>
    /// <exception cref="AdminCallException">The name does not say in which pool.</exception>
    public string Path(BackendsDocument pools)
    {
        var pool = Pool ?? (pools.Pools is [var only]
            ? only.Pool
            : throw new AdminCallException(ExitCode.Wrong,
                $"there are several pools, {string.Join(", ", pools.Pools.Select(p => p.Pool))}: say POOL/{Backend}"));
        return $"/backends/{Uri.EscapeDataString(pool)}/{Uri.EscapeDataString(Backend)}";
    }
}
