using System.Net;
using System.Net.Sockets;
using System.Text;
using MiniLB.Wire;

namespace MiniLB.RequestPath.Admit;

/// <summary>What Forwarded says about one hop (RFC 7239 section 4).</summary>
internal static class ForwardedElement
{
    /// <param name="peer">Who has sent the request; null for one behind a unix socket.</param>
    /// <param name="host">The Host that it names; empty where HTTP/1.0 said none.</param>
    /// <param name="scheme">http or https.</param>
    public static string Of(IPAddress? peer, string host, string scheme) => host.Length == 0
        ? $"for={Node(peer)};proto={scheme}"
        : $"for={Node(peer)};host={Value(host)};proto={scheme}";

    // Section 6: an IPv6 address stands in brackets, and they only in quotes. Its scope means nothing elsewhere.
    private static string Node(IPAddress? peer) => peer switch
    {
        null => "unknown",
        { AddressFamily: AddressFamily.InterNetworkV6, ScopeId: not 0 } => Node(new IPAddress(peer.GetAddressBytes())),
        { AddressFamily: AddressFamily.InterNetworkV6 } => $"\"[{peer}]\"",
        _ => peer.ToString(),
    };

    // A token as it is, all else as a quoted string (RFC 9110 section 5.6.4).
    private static string Value(string text)
    {
        if (text.All(c => char.IsAscii(c) && Syntax.IsToken([(byte)c])))
        {
            return text;
        }

        var quoted = new StringBuilder("\"", text.Length + 4);
        foreach (var c in text)
        {
            quoted.Append(c is '"' or '\\' ? "\\" : "").Append(c);
        }

        return quoted.Append('"').ToString();
    }
}
