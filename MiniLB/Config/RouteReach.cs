using MiniLB.Config.Options;

namespace MiniLB.Config;

/// <summary>Finds routes and pools that no request can reach.</summary>
internal static class RouteReach
{
    public static void RejectHidden(
        IReadOnlyList<RouteOptions> routes, List<ConfigOrigin> origins, ConfigErrors errors)
    {
        for (var i = 1; i < routes.Count; i++)
        {
            var earlier = routes.Take(i).ToList().FindIndex(r => Covers(r, routes[i]));
            if (earlier >= 0)
            {
                errors.Add(origins[i], $"routes[{i}]",
                    $"can never match: routes[{earlier}] comes first and matches all that it would");
            }
        }
    }

    public static void WarnOfUnused(ConfigSection root, IReadOnlyList<RouteOptions> routes)
    {
        var pools = root.Members("pools");
        for (var i = 0; i < pools.Count; i++)
        {
            var pool = PoolBinder.NameOf(pools[i]);
            if (routes.Count == 0 ? i > 0 : !routes.Any(r => r.Pools.Any(p => p.Pool == pool)))
            {
                root.Errors.Warn(pools[i].Origin, $"pools.{pool}", routes.Count == 0
                    ? "receives no traffic: without routes everything goes to the first pool, "
                        + $"'{PoolBinder.NameOf(pools[0])}'"
                    : "receives no traffic: no route leads to it");
            }
        }
    }

    private static bool Covers(RouteOptions earlier, RouteOptions later) =>
        (earlier.Host is null || (later.Host is not null && RouteHost.Matches(earlier.Host, later.Host)))
        && (earlier.Path is null || (later.Path is not null && RoutePath.Matches(earlier.Path, later.Path)))
        && (earlier.Methods.Count == 0 || (later.Methods.Count > 0 && !later.Methods.Except(earlier.Methods).Any()))
        && earlier.Headers.All(e => later.Headers.Any(l =>
            l.Key.Equals(e.Key, StringComparison.OrdinalIgnoreCase) && (e.Value is null || e.Value == l.Value)));
}
