using System.Net;
using System.Net.Sockets;

namespace MiniLB.Config;

/// <summary>The host of a route: a name or address, or *. before a name for one label or more in its place.</summary>
internal static class RouteHost
{
    public const string Expected = "a host such as example.com, *.example.com or [::1], in ASCII and without a port";

    public static bool TryParse(string text, out string host)
    {
        host = WithoutEndDot(text).ToString().ToLowerInvariant();
        var name = host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host;
        return name.StartsWith('[') ? IsIPv6(host) : name.Split('.').All(IsLabel);
    }

    /// <param name="pattern">As <see cref="TryParse"/> gives it.</param>
    /// <param name="host">A host as <see cref="NameOf"/> gives it, or another pattern: then this tells whether all that
    /// matches that one matches this one.</param>
    public static bool Matches(string pattern, ReadOnlySpan<char> host) => pattern[0] == '*'
        ? host.Length >= pattern.Length && host.EndsWith(pattern.AsSpan(1), StringComparison.OrdinalIgnoreCase)
        : host.Equals(pattern, StringComparison.OrdinalIgnoreCase);

    /// <summary>The name or address in a Host field, without its port and the dot that may end a name.</summary>
    public static ReadOnlySpan<char> NameOf(ReadOnlySpan<char> authority)
    {
        var colon = authority.LastIndexOf(':');
        return WithoutEndDot(colon < 0 || authority[colon..].Contains(']') ? authority : authority[..colon]);
    }

    private static ReadOnlySpan<char> WithoutEndDot(ReadOnlySpan<char> name) => name.EndsWith('.') ? name[..^1] : name;

    private static bool IsLabel(string label) =>
        label.Length is > 0 and < 64 && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static bool IsIPv6(string text) => text.EndsWith(']')
        && IPAddress.TryParse(text[1..^1], out var address) && address.AddressFamily == AddressFamily.InterNetworkV6
        && !text.Contains('%', StringComparison.Ordinal);
}
