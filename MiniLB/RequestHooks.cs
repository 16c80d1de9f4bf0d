using MiniLB.RequestPath.Hooks;

namespace MiniLB;

/// <summary>The hooks that run around each request, in their order: the one place where a fork names its own.</summary>
internal static class RequestHooks
{
    public static IReadOnlyList<RequestHook> All { get; } = [];
}
