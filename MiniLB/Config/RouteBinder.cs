using MiniLB.Config.Options;

namespace MiniLB.Config;

/// <summary>Gives the key routes its meaning.</summary>
internal static class RouteBinder
{
    private const string ExpectedMethod = "a method such as GET; case counts, and CONNECT is served nowhere";

    // What becomes of a request; a route has one of them.
    private static readonly string[] Ends = ["pool", "split", "redirect"];

    /// <param name="root">The whole configuration.</param>
    public static IReadOnlyList<RouteOptions> Bind(ConfigSection root)
    {
        string[] pools = [.. root.Members("pools").Select(PoolBinder.NameOf)];
        var origins = new List<ConfigOrigin>();
        var routes = root.List<RouteOptions>("routes", (node, path) =>
        {
            origins.Add(node.Origin);
            return Route(new ConfigSection(node, path, root.Errors), node.Origin, pools);
        });
        // A condition that could not be read is missing, and a route without conditions hides all that follow.
        if (!root.Errors.ErrorsOf("routes").Any())
        {
            RouteReach.RejectHidden(routes, origins, root.Errors);
            RouteReach.WarnOfUnused(root, routes);
        }

        return routes;
    }

    private static RouteOptions Route(ConfigSection section, ConfigOrigin origin, string[] pools)
    {
        var route = new RouteOptions
        {
            Host = section.Optional<string>("host", null, RouteHost.TryParse, RouteHost.Expected),
            Path = section.Optional<string>("path", null, RoutePath.TryParse, RoutePath.Expected),
            Methods = section.List<string>("methods", TryParseMethod, ExpectedMethod),
            Headers = Headers(section),
            Pools = Pools(section, origin, pools),
            StripPrefix = section.Optional<string>(
                "stripPrefix", null, RoutePath.TryParsePrefix, RoutePath.ExpectedPrefix),
            AddPrefix = section.Optional<string>("addPrefix", null, RoutePath.TryParsePrefix, RoutePath.ExpectedPrefix),
            Redirect = Redirect(section),
            Timeouts = Timeouts(section.Section("timeouts")),
            RateLimit = RateLimitBinder.Bind(section, "rateLimit"),
        };
        if (route.StripPrefix is { } prefix && (route.Path is null || !RoutePath.StartsWith(route.Path, prefix)))
        {
            section.Errors.Add(section.Node("stripPrefix")!.Origin, section.PathOf("stripPrefix"),
                $"'{prefix}' is not what every path of the route begins with; expected a path such as {prefix}/*");
        }

        section.RejectUnknownKeys();
        return route;
    }

    // Case counts in a method: get would match nothing that any client sends.
    private static bool TryParseMethod(string text, out string method)
    {
        method = text;
        string[] known = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"];
        return HeaderText.TryParseName(text, out _)
            && !text.Equals("CONNECT", StringComparison.OrdinalIgnoreCase)
            && (known.Contains(text) || !known.Contains(text, StringComparer.OrdinalIgnoreCase));
    }

    private static List<KeyValuePair<string, string?>> Headers(ConfigSection section)
    {
        var fields = new List<KeyValuePair<string, string?>>();
        var map = section.Section("headers");
        section.Errors.Trace.Note(section.Shape<string>(
            "headers", KeyKind.Names, HeaderText.TryParseValue, HeaderText.ExpectedValue));
        foreach (var member in section.Members("headers"))
        {
            if (!HeaderText.TryParseName(member.Name, out _))
            {
                section.Errors.Add(member.Origin, map.PathOf(member.Name),
                    $"'{member.Name}' is not {HeaderText.ExpectedName}");
            }

            var value = map.Optional<string>(member.Name, null, HeaderText.TryParseValue,
                HeaderText.ExpectedValue + ", or * for any");
            fields.Add(new KeyValuePair<string, string?>(member.Name, value == "*" ? null : value));
        }

        return fields;
    }

    private static List<PoolShare> Pools(ConfigSection section, ConfigOrigin origin, string[] pools)
    {
        string[] given = [.. Ends.Where(k => IsGiven(section.Node(k)))];
        if (given.Length > 1)
        {
            section.Errors.Add(origin, section.Path,
                $"has {string.Join(" and ", given)}; expected one of {string.Join(", ", Ends)}");
        }

        return given switch
        {
            [] => pools.Length > 0 ? [new PoolShare(pools[0], 1)] : [],
            ["pool", ..] => section.Value("pool", "", (string text, out string pool) =>
            {
                pool = text;
                return pools.Contains(text);
            }, ExpectedPool(pools)) is { Length: > 0 } pool ? [new PoolShare(pool, 1)] : [],
            ["split", ..] => Split(section, pools),
            _ => [],
        };
    }

    private static List<PoolShare> Split(ConfigSection section, string[] pools)
    {
        var shares = new List<PoolShare>();
        var split = section.Section("split");
        section.Errors.Trace.Note(new KeyShape(split.Path, KeyKind.Names, "", null));
        foreach (var member in section.Members("split"))
        {
            var pool = PoolBinder.NameOf(member);
            if (!pools.Contains(pool))
            {
                section.Errors.Add(member.Origin, split.PathOf(pool), $"'{pool}' is not {ExpectedPool(pools)}");
            }

            shares.Add(new PoolShare(pool, split.Count(member.Name, 1, most: 10_000)));
        }

        if (shares.All(s => s.Weight == 0) && section.Node("split") is { Kind: ConfigKind.Map } node)
        {
            section.Errors.Add(node.Origin, split.Path, "gives no pool a share; expected one above 0");
        }

        return shares;
    }

    private static RedirectOptions? Redirect(ConfigSection section)
    {
        section.Errors.Trace.Note(section.Shape<string>(
            "redirect", KeyKind.MapOrValue, RedirectText.TryParse, RedirectText.Expected) with { TakesNull = true });
        if (section.Node("redirect") is not { Kind: ConfigKind.Map } node)
        {
            return section.Optional<string>("redirect", null, RedirectText.TryParse,
                RedirectText.Expected + "; or to and status") is { } target ? new RedirectOptions(target) : null;
        }

        var redirect = section.Section("redirect");
        var to = redirect.Value("to", "", RedirectText.TryParse, RedirectText.Expected);
        if (redirect.Node("to") is null)
        {
            section.Errors.Add(node.Origin, redirect.PathOf("to"), $"is missing; expected {RedirectText.Expected}");
        }

        var status = redirect.Word("status", 308, ("301", 301), ("302", 302), ("307", 307), ("308", 308));
        redirect.RejectUnknownKeys();
        return new RedirectOptions(to, status);
    }

    private static RouteTimeoutOptions Timeouts(ConfigSection section)
    {
        var options = new RouteTimeoutOptions
        {
            ResponseHeaders = Duration("responseHeaders"),
            Idle = Duration("idle"),
            Total = Duration("total"),
            Tunnel = Duration("tunnel"),
        };
        section.RejectUnknownKeys();
        return options;

        TimeSpan? Duration(string key) =>
            IsGiven(section.Node(key)) ? section.Duration(key, TimeSpan.Zero) : null;
    }

    private static string ExpectedPool(string[] pools) => $"a pool; there are {string.Join(", ", pools)}";

    private static bool IsGiven(ConfigNode? node) => node is not (null or { Kind: ConfigKind.Scalar, Text: null });
}
