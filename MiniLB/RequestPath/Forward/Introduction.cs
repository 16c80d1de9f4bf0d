using System.Net;
using System.Net.Sockets;
using MiniLB.Config.Options;
using MiniLB.State;
using MiniLB.Transport;
using MiniLB.Wire;

namespace MiniLB.RequestPath.Forward;

/// <summary>The PROXY header by which a backend connection is introduced: whose requests it carries.</summary>
internal static class Introduction
{
    /// <summary>The longest one, of either version.</summary>
    public const int MostBytes = ProxyHeaderV1.MostBytes;

    /// <param name="exchange">Says who the client is.</param>
    /// <param name="version">How that is written; nothing is where it is off.</param>
    /// <param name="to">Has room for <see cref="MostBytes"/>.</param>
    /// <returns>How many bytes were written.</returns>
    public static int Write(Exchange exchange, ProxyProtocolVersion version, Span<byte> to)
    {
        if (version == ProxyProtocolVersion.Off)
        {
            return 0;
        }

        if (SourceOf(exchange) is not { } source || DestinationOf(exchange.Connection) is not { } destination)
        {
            var nameless = NamelessClient.Introduction(version);
            nameless.Span.CopyTo(to);
            return nameless.Length;
        }

        // A header has one family.
        if (source.AddressFamily != destination.AddressFamily)
        {
            (source, destination) = (Mapped(source), Mapped(destination));
        }

        return version == ProxyProtocolVersion.V1
            ? ProxyHeaderV1.Write(source, destination, to)
            : ProxyHeaderV2.Write(source, destination, to);
    }

    // Of a client that others speak for the port is not known.
    private static IPEndPoint? SourceOf(Exchange exchange) => exchange.Client is not { } client ? null
        : client.Equals(exchange.Connection.Peer) ? exchange.Connection.PeerEndPoint
        : new IPEndPoint(client, 0);

    // A connection that was closed just now does not know its own end any more; its client is who it was.
    private static IPEndPoint? DestinationOf(ClientConnection connection) => connection.LocalEndPoint
        ?? (connection.PeerEndPoint is null ? null : new IPEndPoint(IPAddress.Any, 0));

    private static IPEndPoint Mapped(IPEndPoint endPoint) =>
        endPoint.AddressFamily == AddressFamily.InterNetwork
            ? new IPEndPoint(endPoint.Address.MapToIPv6(), endPoint.Port)
            : endPoint;
}
