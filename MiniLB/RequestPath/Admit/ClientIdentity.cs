using System.Net;
using MiniLB.Config;
using MiniLB.RequestPath.Forward;
using MiniLB.Wire;

namespace MiniLB.RequestPath.Admit;

/// <summary>Finds out who the client is: the peer, or whom trusted proxies say they speak for.</summary>
internal static class ClientIdentity
{
    public static void Establish(Exchange exchange)
    {
        var connection = exchange.Connection;
        var trusted = exchange.World.Options.TrustedProxies;
        var fields = exchange.RequestFields;
        var host = exchange.Host;
        exchange.Client = connection.Peer;
        exchange.ClientText = connection.PeerText;
        var element = exchange.World.Options.Headers.Forwarded
            ? ForwardedElement.Of(connection.Peer, host, exchange.Scheme)
            : null;
        exchange.IsFromTrustedProxy = !connection.IsOfUnknown
            && connection.Peer is { } peer && trusted.Contains(peer);
        if (!exchange.IsFromTrustedProxy)
        {
            exchange.Forwarded = new ForwardedFields(connection.PeerText, exchange.Scheme, host, element);
            return;
        }

        var chain = fields.Text(FieldId.XForwardedFor);
        if (chain is not null && FromChain(chain, trusted) is { } client)
        {
            exchange.Client = client;
            exchange.ClientText = client.ToString();
        }

        exchange.Forwarded = new ForwardedFields(
            chain is null ? connection.PeerText : $"{chain}, {connection.PeerText}",
            fields.Text(FieldId.XForwardedProto) ?? exchange.Scheme,
            fields.Text(FieldId.XForwardedHost) ?? host,
            element is not null && fields.Text(FieldId.Forwarded) is { Length: > 0 } list
                ? $"{list}, {element}"
                : element);
        if (fields.CountOf(FieldId.XRequestId) == 1 && fields.Text(FieldId.XRequestId) is { Length: > 0 } id)
        {
            exchange.RequestId = id;
        }
    }

    /// <summary>The address nearest to us that is no trusted proxy, or the farthest one where all are.</summary>
    /// <returns>Null where the field has no address, or something else stands in the way.</returns>
    internal static IPAddress? FromChain(string chain, CidrSet trusted)
    {
        IPAddress? client = null;
        var entries = chain.Split(',');
        for (var i = entries.Length - 1; i >= 0; i--)
        {
            if (ParseAddress(entries[i].AsSpan().Trim()) is not { } address)
            {
                return client;
            }

            client = address;
            if (!trusted.Contains(address))
            {
                return client;
            }
        }

        return client;
    }

    // Some proxies append the port, and then put an IPv6 address in brackets.
    private static IPAddress? ParseAddress(ReadOnlySpan<char> text)
    {
        var parsed = IPEndPoint.TryParse(text, out var endpoint) ? endpoint.Address : null;
        return parsed is { IsIPv4MappedToIPv6: true } ? parsed.MapToIPv4() : parsed;
    }
}
