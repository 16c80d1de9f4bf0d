namespace MiniLB.RequestPath.Route;

/// <summary>What was found for a request.</summary>
/// <param name="Route">Null where none matches.</param>
/// <param name="Target">What the route forwards.</param>
/// <param name="IsAmbiguous">True where the path cannot be matched, because servers read it in different ways.</param>
internal readonly record struct RouteMatch(
    CompiledRoute? Route = null, ForwardedTarget Target = default, bool IsAmbiguous = false);
