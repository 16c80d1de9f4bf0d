using System.Text;
using MiniLB.Config;
using MiniLB.Config.Options;
using MiniLB.RequestPath.Admit;
using MiniLB.RequestPath.Balance;
using MiniLB.Wire;

namespace MiniLB.RequestPath.Route;

/// <summary>One route, made ready to be matched.</summary>
internal sealed class CompiledRoute
{
    private readonly RouteOptions _options;
    private readonly (byte[] Name, byte[]? Value)[] _headers;
    private readonly RoutedPool[] _pools;

    // Positions in _pools, one for each turn of a round.
    private readonly int[] _turns;

    // Drawn by every request of a route with several pools. The first ticket is 0.
    private long _ticket = -1;

    /// <param name="options">What the operator wrote.</param>
    /// <param name="pools">All pools, in their order.</param>
    /// <param name="limiter">The route's own; null where it has none.</param>
    public CompiledRoute(RouteOptions options, IReadOnlyList<PoolOptions> pools, RateLimiter? limiter)
    {
        (_options, Limiter) = (options, limiter);
        _headers = [.. options.Headers.Select(h => (
            Encoding.ASCII.GetBytes(h.Key), h.Value is null ? null : Encoding.ASCII.GetBytes(h.Value)))];
        PoolShare[] shares = [.. options.Pools.Where(p => p.Weight > 0)];
        _pools = Array.ConvertAll(shares, share =>
        {
            var at = pools.TakeWhile(p => p.Name != share.Pool).Count();
            return new RoutedPool(at, options.Timeouts.Over(pools[at].Timeouts));
        });
        _turns = WeightedTurns.Spread(Array.ConvertAll(shares, s => s.Weight));
        Redirect = options.Redirect is null ? null : new RedirectTarget(options.Redirect);
    }

    /// <summary>Null where requests go to a pool.</summary>
    public RedirectTarget? Redirect { get; }

    /// <summary>Counts the route's own requests; null where nothing does.</summary>
    public RateLimiter? Limiter { get; }

    public bool AllowsTrace => _options.Methods.Contains("TRACE");

    /// <param name="method">As sent.</param>
    /// <param name="host">As <see cref="RouteHost.NameOf"/> gives it.</param>
    /// <param name="path">A normalised path.</param>
    /// <param name="fields">The fields of the request, as received.</param>
    public bool Matches(string method, ReadOnlySpan<char> host, ReadOnlySpan<char> path, FieldList fields) =>
        (_options.Host is null || RouteHost.Matches(_options.Host, host))
        && (_options.Path is null || RoutePath.Matches(_options.Path, path))
        && (_options.Methods.Count == 0 || _options.Methods.Contains(method))
        && HasHeaders(fields);

    /// <summary>The pool whose turn it is. Not for a route that redirects.</summary>
    public RoutedPool NextPool() => _pools.Length == 1
        ? _pools[0]
        : _pools[_turns[(int)((ulong)Interlocked.Increment(ref _ticket) % (ulong)_turns.Length)]];

    /// <summary>What is forwarded of a target that the route matches.</summary>
    /// <param name="target">The client's.</param>
    /// <param name="normalised">Its path as it was matched.</param>
    public ForwardedTarget Forwarded(string target, ReadOnlySpan<char> normalised)
    {
        var added = _options.AddPrefix ?? "";
        if (_options.StripPrefix is not { } stripped)
        {
            return new ForwardedTarget(added, target, 0);
        }

        var path = PathRules.PathOf(target);
        var rest = normalised[stripped.Length..];
        if (IsCutAlike(path, stripped, rest))
        {
            return new ForwardedTarget(Before(added, path.Length - stripped.Length), target, stripped.Length);
        }

        // The client has spelt the prefix in another way, or what follows it leads back into it.
        return new ForwardedTarget(Before(added, rest.Length), string.Concat(rest, target.AsSpan(path.Length)), 0);
    }

    // A target has a path, be it the root.
    private static string Before(string added, int rest) => added.Length == 0 && rest == 0 ? "/" : added;

    /// <summary>True where what follows the prefix in the path as sent is what was matched after it.</summary>
    private static bool IsCutAlike(ReadOnlySpan<char> path, string prefix, ReadOnlySpan<char> rest)
    {
        if (!RoutePath.StartsWith(path, prefix))
        {
            return false;
        }

        var cut = path[prefix.Length..];
        if (cut.SequenceEqual(rest))
        {
            return true;
        }

        // Not on the common way: only paths that are not plain come here.
        var buffer = new char[cut.Length];
        return PathRules.Normalise(cut, buffer) is var length and >= 0 && rest.SequenceEqual(buffer.AsSpan(0, length));
    }

    private bool HasHeaders(FieldList fields)
    {
        foreach (var (name, value) in _headers)
        {
            if (!HasHeader(fields, name, value))
            {
                return false;
            }
        }

        return true;
    }

    private static bool HasHeader(FieldList fields, byte[] name, byte[]? value)
    {
        for (var i = 0; i < fields.Count; i++)
        {
            var field = fields[i];
            if (Ascii.EqualsIgnoreCase(field.Name, name) && (value is null || field.Value.SequenceEqual(value)))
            {
                return true;
            }
        }

        return false;
    }
}
