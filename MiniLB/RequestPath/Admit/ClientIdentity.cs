using System.Net;
using Microsoft.Extensions.Primitives;
using MiniLB.Config;
using MiniLB.RequestPath.Forward;

namespace MiniLB.RequestPath.Admit;

/// <summary>Finds out who the client is: the peer, or whom trusted proxies say they speak for.</summary>
internal static class ClientIdentity
{
    public static void Establish(Exchange exchange)
    {
        var connection = exchange.Connection;
        var trusted = exchange.World.Options.TrustedProxies;
        var headers = exchange.RequestHeaders;
        var host = headers.Host.ToString();
        exchange.Client = connection.Peer;
        exchange.ClientText = connection.PeerText;
        exchange.IsFromTrustedProxy = connection.Peer is { } peer && trusted.Contains(peer);
        if (!exchange.IsFromTrustedProxy)
        {
            exchange.Forwarded = new ForwardedFields(connection.PeerText, exchange.Request.Scheme, host);
            return;
        }

        var chain = headers[ForwardedFields.For];
        if (FromChain(chain, trusted) is { } client)
        {
            exchange.Client = client;
            exchange.ClientText = client.ToString();
        }

        exchange.Forwarded = new ForwardedFields(
            chain.Count == 0 ? connection.PeerText : $"{Join(chain)}, {connection.PeerText}",
            Or(headers[ForwardedFields.Proto], exchange.Request.Scheme),
            Or(headers[ForwardedFields.Host], host));
        if (headers[ForwardedFields.RequestId] is [{ Length: > 0 } id])
        {
            exchange.RequestId = id;
        }
    }

    /// <summary>The address nearest to us that is no trusted proxy, or the farthest one where all are.</summary>
    /// <returns>Null where the field has no address, or something else stands in the way.</returns>
    internal static IPAddress? FromChain(StringValues chain, CidrSet trusted)
    {
        IPAddress? client = null;
        var entries = Join(chain).Split(',');
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

    private static string Join(StringValues values) =>
        values.Count <= 1 ? values.ToString() : string.Join(", ", values.ToArray());

    private static string Or(StringValues values, string otherwise) => values.Count == 0 ? otherwise : Join(values);
}
