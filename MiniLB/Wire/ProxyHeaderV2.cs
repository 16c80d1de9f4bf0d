using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace MiniLB.Wire;

/// <summary>Version 2 of the PROXY protocol: a binary header (section 2.2).</summary>
internal static class ProxyHeaderV2
{
    /// <summary>The longest header that is read, vectors included. The protocol has it fit into one segment; with a
    /// certificate's name and what clouds add (AWS, Azure) some hundred bytes are usual.</summary>
    public const int MostBytes = 4 * 1024;

    /// <summary>The longest header that is written.</summary>
    public const int MostWritten = FixedLength + IPv6Length;

    private const int FixedLength = 16;
    private const int IPv4Length = (2 * 4) + (2 * 2);
    private const int IPv6Length = (2 * 16) + (2 * 2);
    private const int UnixLength = 2 * 108;

    private const byte Local = 0x20;
    private const byte Proxy = 0x21;
    private const byte TcpOverIPv4 = 0x11;
    private const byte TcpOverIPv6 = 0x21;
    private const byte UnixStream = 0x31;

    private static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    /// <summary>True where the bytes are the beginning of such a header, as far as they go.</summary>
    public static bool MayBegin(ReadOnlySpan<byte> received) => received.Length < Signature.Length
        ? Signature.StartsWith(received)
        : received.StartsWith(Signature);

    public static ProxyHeaderError Read(ReadOnlySpan<byte> received, out ProxyHeader header, out int length)
    {
        (header, length) = (default, 0);
        var (command, family) = (received.Length > 12 ? received[12] : Local, received.Length > 13 ? received[13] : 0);
        if (command is not (Local or Proxy) || (command == Proxy && (family >> 4 > 3 || (family & 0xf) > 2)))
        {
            return ProxyHeaderError.Command;
        }

        if (received.Length < FixedLength)
        {
            return ProxyHeaderError.Incomplete;
        }

        length = FixedLength + BinaryPrimitives.ReadUInt16BigEndian(received[14..]);
        if (length > MostBytes)
        {
            return ProxyHeaderError.TooLong;
        }

        // Of what the sender says about its own connection nothing counts, whatever it is (section 2.2).
        return received.Length < length ? ProxyHeaderError.Incomplete
            : command == Local ? ProxyHeaderError.None
            : ReadBlock(received[..length], (byte)family, out header);
    }

    /// <summary>Writes the header of a client with an address.</summary>
    /// <param name="source">The client.</param>
    /// <param name="destination">Where it connected to; of the same family.</param>
    /// <param name="to">Has room for <see cref="MostWritten"/>.</param>
    /// <returns>Its length.</returns>
    public static int Write(IPEndPoint source, IPEndPoint destination, Span<byte> to)
    {
        var isIPv4 = source.AddressFamily == AddressFamily.InterNetwork;
        var (address, block) = isIPv4 ? (4, IPv4Length) : (16, IPv6Length);
        Signature.CopyTo(to);
        to[12] = Proxy;
        to[13] = isIPv4 ? TcpOverIPv4 : TcpOverIPv6;
        BinaryPrimitives.WriteUInt16BigEndian(to[14..], (ushort)block);
        var rest = to[FixedLength..];
        source.Address.TryWriteBytes(rest, out _);
        destination.Address.TryWriteBytes(rest[address..], out _);
        BinaryPrimitives.WriteUInt16BigEndian(rest[(2 * address)..], (ushort)source.Port);
        BinaryPrimitives.WriteUInt16BigEndian(rest[((2 * address) + 2)..], (ushort)destination.Port);
        return FixedLength + block;
    }

    private static ProxyHeaderError ReadBlock(ReadOnlySpan<byte> whole, byte family, out ProxyHeader header)
    {
        header = new ProxyHeader(ProxyOrigin.Unknown, null, null);
        // An unspecified family has a block of unknown length, in which no vectors can be found.
        if (family >> 4 == 0)
        {
            return ProxyHeaderError.None;
        }

        var block = (family >> 4) switch
        {
            1 => IPv4Length,
            2 => IPv6Length,
            _ => UnixLength,
        };
        if (whole.Length < FixedLength + block)
        {
            return ProxyHeaderError.Addresses;
        }

        if (ProxyVectors.Check(whole, FixedLength + block) is var error and not ProxyHeaderError.None)
        {
            return error;
        }

        var addresses = whole.Slice(FixedLength, block);
        header = family switch
        {
            TcpOverIPv4 => Addresses(addresses, 4),
            TcpOverIPv6 => Addresses(addresses, 16),
            UnixStream => new ProxyHeader(ProxyOrigin.UnixSocket, null, null),
            // Datagrams, which cannot have become this connection: as if unspecified.
            _ => new ProxyHeader(ProxyOrigin.Unknown, null, null),
        };
        return ProxyHeaderError.None;
    }

    private static ProxyHeader Addresses(ReadOnlySpan<byte> block, int length)
    {
        var ports = block[(2 * length)..];
        return new ProxyHeader(ProxyOrigin.Address,
            new IPEndPoint(new IPAddress(block[..length]), BinaryPrimitives.ReadUInt16BigEndian(ports)),
            new IPEndPoint(
                new IPAddress(block.Slice(length, length)), BinaryPrimitives.ReadUInt16BigEndian(ports[2..])));
    }
}
