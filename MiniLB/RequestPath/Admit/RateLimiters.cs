using MiniLB.Config.Options;

namespace MiniLB.RequestPath.Admit;

/// <summary>The rate limits of the configuration at hand. One that another configuration leaves as it is goes on with
/// what it knows.</summary>
internal sealed class RateLimiters(ILogger<RateLimiters> logger)
{
    // Both written by a reload, under the world's lock. Routes are asked for under it too.
    private Dictionary<string, RateLimiter> _ofRoutes = [];
    private volatile RateLimiter? _ofAll;

    /// <summary>For all requests; null where there is none.</summary>
    public RateLimiter? OfAll => _ofAll;

    /// <summary>Makes those of another configuration.</summary>
    public void Apply(BalancerOptions options)
    {
        _ofAll = Next("default", options.RateLimit, _ofAll);
        var before = _ofRoutes;
        _ofRoutes = [];
        foreach (var route in options.Routes)
        {
            var conditions = ConditionsOf(route);
            if (Next("route", route.RateLimit, before.GetValueOrDefault(conditions)) is { } limiter)
            {
                _ofRoutes[conditions] = limiter;
            }
        }
    }

    /// <returns>Null where the route has none.</returns>
    public RateLimiter? Of(RouteOptions route) => _ofRoutes.GetValueOrDefault(ConditionsOf(route));

    private RateLimiter? Next(string name, RateLimitOptions options, RateLimiter? before) => options.Enabled
        ? new RateLimiter(name, options, logger, before?.IsSameAs(options) == true ? before : null)
        : null;

    // Which requests a route is for is what makes it the same route: no two are alike in that, because the second would
    // match nothing and is refused.
    private static string ConditionsOf(RouteOptions route) => string.Join(
        '\n', route.Host, route.Path, string.Join(' ', route.Methods),
        string.Join('\n', route.Headers.Select(h => $"{h.Key}: {h.Value}")));
}
