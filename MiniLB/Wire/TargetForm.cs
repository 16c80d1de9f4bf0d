namespace MiniLB.Wire;

/// <summary>The four forms of a request target (RFC 9112 section 3.2).</summary>
internal static class TargetForm
{
    /// <summary>True where the form is one that a server of this kind may be sent with the method.</summary>
    public static bool Fits(string method, string target) =>
        method == "CONNECT" || (target == "*" ? method == "OPTIONS" : target[0] == '/' || HasAuthority(target));

    /// <summary>The authority of an absolute form; empty for the other forms.</summary>
    public static ReadOnlySpan<char> Authority(string target)
    {
        var start = SchemeLength(target);
        var rest = target.AsSpan(start);
        var end = rest.IndexOfAny('/', '?');
        return start == 0 ? default : end < 0 ? rest : rest[..end];
    }

    /// <summary>The origin form of a target, byte for byte; an absolute form loses its scheme and authority.</summary>
    public static string Origin(string target, string method)
    {
        var start = SchemeLength(target);
        if (start == 0)
        {
            return target;
        }

        var rest = target[(start + Authority(target).Length)..];
        if (rest.Length == 0 && method == "OPTIONS")
        {
            return "*"; // section 3.2.4
        }

        return rest.StartsWith('/') ? rest : "/" + rest;
    }

    private static bool HasAuthority(string target) => !Authority(target).IsEmpty;

    private static int SchemeLength(string target) =>
        target.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? 7
        : target.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? 8
        : 0;
}
