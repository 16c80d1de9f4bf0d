using System.Buffers.Binary;
using System.Net;

namespace MiniLB.Transport.Epoll;

/// <summary>Reads the addresses that the system gives (struct sockaddr_in and sockaddr_in6, ip(7) and
/// ipv6(7)).</summary>
internal static class PeerAddress
{
    /// <summary>Bytes of the longest that means something here.</summary>
    public const int MostBytes = 28;

    private const int Ipv4 = 2;
    private const int Ipv6 = 10;

    /// <returns>Null for what is no address of IP.</returns>
    public static IPEndPoint? Read(ReadOnlySpan<byte> address)
    {
        var family = address.Length < 8 ? 0 : BitConverter.ToUInt16(address);
        return family switch
        {
            Ipv4 => new IPEndPoint(
                new IPAddress(address.Slice(4, 4)), BinaryPrimitives.ReadUInt16BigEndian(address[2..])),
            Ipv6 when address.Length >= MostBytes => new IPEndPoint(
                new IPAddress(address.Slice(8, 16), BitConverter.ToUInt32(address[24..])),
                BinaryPrimitives.ReadUInt16BigEndian(address[2..])),
            _ => null,
        };
    }
}
