using MiniLB.Config;
using MiniLB.RequestPath.Admit;
using MiniLB.RequestPath.Summarize;
using MiniLB.Wire;

namespace MiniLB.RequestPath.Route;

/// <summary>Gives a request its pool, by the first route that matches it.</summary>
internal static class Routing
{
    /// <returns>The answer, where the request goes no further; null where it has its pool.</returns>
    public static Task? Answer(RouteTable routes, Exchange exchange)
    {
        var match = routes.Find(exchange.Method, exchange.Host, exchange.Target, exchange.RequestFields);
        if (Refuse(exchange, match) is { } problem)
        {
            return ProblemWriter.WriteAsync(exchange, problem).AsTask();
        }

        if (match.Route!.Redirect is { } redirect)
        {
            return RedirectWriter.WriteAsync(
                exchange, redirect.Status, redirect.For(RouteHost.NameOf(exchange.Host), match.Target)).AsTask();
        }

        var pool = match.Route.NextPool();
        exchange.Pool = exchange.World.Pools[pool.Position];
        exchange.Timeouts = pool.Timeouts;
        exchange.ForwardedTarget = match.Target;
        return null;
    }

    private static Problem? Refuse(Exchange exchange, in RouteMatch match) =>
        match.IsAmbiguous ? Problem.AmbiguousPath
        : match.Route is not { } route ? Problem.NoRoute
        : exchange.Method == "TRACE" && !AllowsTrace(exchange, route) ? Problem.TraceNotAllowed
        : route.Redirect is { NeedsHost: true } && exchange.Host.Length == 0 ? Problem.HostMissing
        : route.Limiter?.Refuse(exchange);

    // Who receives the last hop of a TRACE is to echo it, and MiniLB echoes nothing.
    private static bool AllowsTrace(Exchange exchange, CompiledRoute route) =>
        route.AllowsTrace && !OwnTargets.HasNoHopLeft(exchange.RequestFields);
}
