using System.Buffers;
using MiniLB.Config;
using MiniLB.Config.Options;
using MiniLB.RequestPath.Admit;
using MiniLB.Wire;

namespace MiniLB.RequestPath.Route;

/// <summary>The routes of one configuration; the first that matches a request counts.</summary>
internal sealed class RouteTable
{
    private const int SmallPath = 256;

    private readonly CompiledRoute[] _routes;

    // Where paths do not matter, neither does how they can be read.
    private readonly bool _readsPaths;

    private RouteTable(BalancerOptions options, RateLimiters? limiters)
    {
        _routes = [.. options.Routes.Select(r => new CompiledRoute(r, options.Pools, limiters?.Of(r)))];
        _readsPaths = options.Routes.Any(r => (r.Path ?? r.AddPrefix ?? r.Redirect?.To) is not null);
    }

    /// <returns>Null where there are no routes.</returns>
    /// <param name="options">What the operator wrote.</param>
    /// <param name="limiters">Those of the same configuration; null for none.</param>
    public static RouteTable? Of(BalancerOptions options, RateLimiters? limiters = null) =>
        options.Routes.Count == 0 ? null : new RouteTable(options, limiters);

    /// <param name="method">As sent.</param>
    /// <param name="authority">The host asked for, with or without a port.</param>
    /// <param name="target">In origin form.</param>
    /// <param name="fields">The fields of the request, as received.</param>
    public RouteMatch Find(string method, string authority, string target, FieldList fields)
    {
        var host = RouteHost.NameOf(authority);
        var path = PathRules.PathOf(target);
        if (!_readsPaths || PathRules.IsPlain(path))
        {
            return First(method, host, target, path, fields);
        }

        char[]? rented = null;
        var buffer = path.Length <= SmallPath
            ? stackalloc char[SmallPath]
            : rented = ArrayPool<char>.Shared.Rent(path.Length);
        try
        {
            return PathRules.Normalise(path, buffer) is var length and >= 0
                ? First(method, host, target, buffer[..length], fields)
                : new RouteMatch(IsAmbiguous: true);
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<char>.Shared.Return(rented);
            }
        }
    }

    private RouteMatch First(
        string method, ReadOnlySpan<char> host, string target, ReadOnlySpan<char> path, FieldList fields)
    {
        foreach (var route in _routes)
        {
            if (route.Matches(method, host, path, fields))
            {
                return new RouteMatch(route, route.Forwarded(target, path));
            }
        }

        return default;
    }
}
