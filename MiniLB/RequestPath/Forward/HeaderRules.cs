using Microsoft.Extensions.Primitives;

namespace MiniLB.RequestPath.Forward;

/// <summary>Which header fields are passed on.</summary>
internal static class HeaderRules
{
    /// <summary>True for fields that end at the next hop (RFC 9110 section 7.6.1) and fields that we write
    /// ourselves.</summary>
    public static bool IsHopByHop(string name) => name.Length switch
    {
        2 => Is(name, "TE"),
        7 => Is(name, "Upgrade") || Is(name, "Trailer"),
        10 => Is(name, "Connection") || Is(name, "Keep-Alive"),
        14 => Is(name, "HTTP2-Settings"),
        16 => Is(name, "Proxy-Connection"),
        17 => Is(name, "Transfer-Encoding"),
        18 => Is(name, "Proxy-Authenticate"),
        19 => Is(name, "Proxy-Authorization"),
        _ => false,
    };

    /// <summary>True where a Connection field names this one, which then ends here too.</summary>
    public static bool IsNamedBy(StringValues connection, string name)
    {
        foreach (var line in connection)
        {
            foreach (var range in line.AsSpan().Split(','))
            {
                if (line.AsSpan()[range].Trim(" \t").Equals(name, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>True for what only a trusted proxy may say about the client: X-Forwarded-*, X-Real-IP, Forwarded, also
    /// with underscores, which some servers take for dashes, and the id of the request.</summary>
    public static bool IsForwarding(string name) => name.Length switch
    {
        9 => IsDashedOrUnderscored(name, "X-Real-IP") || Is(name, "Forwarded"),
        12 => IsDashedOrUnderscored(name, "X-Request-Id"),
        > 12 => IsDashedOrUnderscored(name.AsSpan(0, 12), "X-Forwarded-"),
        _ => false,
    };

    private static bool Is(string name, string other) => name.Equals(other, StringComparison.OrdinalIgnoreCase);

    private static bool IsDashedOrUnderscored(ReadOnlySpan<char> name, ReadOnlySpan<char> pattern)
    {
        for (var i = 0; i < pattern.Length; i++)
        {
            var same = pattern[i] == '-' ? name[i] is '-' or '_' : (name[i] | 0x20) == (pattern[i] | 0x20);
            if (!same)
            {
                return false;
            }
        }

        return true;
    }
}
