using MiniLB.Config;
using MiniLB.State;

namespace MiniLB.Admin;

/// <summary>Finds the backend that an operator names by pool and address.</summary>
internal static class BackendNames
{
    /// <param name="world">Where to look.</param>
    /// <param name="pool">The pool's name, as configured.</param>
    /// <param name="name">The backend's host and port, or its URL; the case of the host does not matter.</param>
    /// <param name="backend">The one that was found.</param>
    /// <returns>Null, or why there is none.</returns>
    public static AdminRefusal? Find(WorldSnapshot world, string pool, string name, out Backend backend)
    {
        backend = null!;
        if (Array.Find(world.Pools, p => p.Options.Name == pool) is not { } found)
        {
            return AdminRefusal.NoSuch(
                "pool", $"There is no pool '{pool}', only {List(world.Pools.Select(p => p.Options.Name))}");
        }

        var named = Array.FindAll(found.All, b => IsNamed(b, name));
        if (named is not [var one])
        {
            return AdminRefusal.NoSuch("backend", named.Length == 0
                ? $"Pool '{pool}' has no backend '{name}', only {List(found.All.Select(b => b.Url))}"
                : $"'{name}' may be any of {List(named.Select(b => b.Url))}: give the whole URL");
        }

        backend = one;
        return null;
    }

    private static bool IsNamed(Backend backend, string name)
    {
        var scheme = backend.Address.Tls ? "https://" : "http://";
        var url = name.Contains("://", StringComparison.Ordinal) ? name : scheme + name;
        return BackendAddress.Parse(url, out var address) is null && address == backend.Address;
    }

    private static string List(IEnumerable<string> names) => string.Join(", ", names);
}
