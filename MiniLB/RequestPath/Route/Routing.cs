using MiniLB.Config;
using MiniLB.RequestPath.Admit;
using MiniLB.RequestPath.Summarize;
using MiniLB.Wire;

namespace MiniLB.RequestPath.Route;

/// <summary>Gives a request its pool, by the first route that matches it.</summary>
internal static class Routing
{
    /// <returns>True where the request goes no further and has been answered.</returns>
    public static ValueTask<bool> AnswersAsync(RouteTable routes, Exchange exchange)
    {
        var match = routes.Find(exchange.Method, exchange.Host, exchange.Target, exchange.RequestFields);
        if (Refuse(exchange, match) is { } problem)
        {
            return RefuseAsync(exchange, problem);
        }

        if (match.Route!.Redirect is { } redirect)
        {
            return RedirectAsync(exchange, redirect, match.Target);
        }

        var pool = match.Route.NextPool();
        exchange.Pool = exchange.World.Pools[pool.Position];
        exchange.Timeouts = pool.Timeouts;
        exchange.ForwardedTarget = match.Target;
        return new ValueTask<bool>(false);
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

    private static async ValueTask<bool> RefuseAsync(Exchange exchange, Problem problem)
    {
        await ProblemWriter.WriteAsync(exchange, problem);
        return true;
    }

    private static async ValueTask<bool> RedirectAsync(
        Exchange exchange, RedirectTarget redirect, ForwardedTarget target)
    {
        await RedirectWriter.WriteAsync(
            exchange, redirect.Status, redirect.For(RouteHost.NameOf(exchange.Host), target));
        return true;
    }
}
