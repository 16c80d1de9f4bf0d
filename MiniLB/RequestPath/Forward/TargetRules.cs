namespace MiniLB.RequestPath.Forward;

/// <summary>The request target as it is passed on (RFC 9112 section 3.2).</summary>
internal static class TargetRules
{
    /// <summary>The origin form of a target, byte for byte; an absolute form loses its scheme and authority.</summary>
    public static string OriginForm(string target)
    {
        if (target.StartsWith('/'))
        {
            return target;
        }

        var authority = target.IndexOf("://", StringComparison.Ordinal);
        if (authority < 0)
        {
            return target;
        }

        var end = target.AsSpan(authority + 3).IndexOfAny('/', '?');
        if (end < 0)
        {
            return "/";
        }

        var rest = target[(authority + 3 + end)..];
        return rest[0] == '?' ? "/" + rest : rest;
    }
}
