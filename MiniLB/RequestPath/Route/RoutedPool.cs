using MiniLB.Config.Options;

namespace MiniLB.RequestPath.Route;

/// <summary>A pool that a route leads to.</summary>
/// <param name="Position">Among all pools.</param>
/// <param name="Timeouts">The pool's, with the route's own in their place.</param>
internal sealed record RoutedPool(int Position, PoolTimeoutOptions Timeouts);
