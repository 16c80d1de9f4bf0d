using System.Buffers.Binary;
using System.Net;

namespace MiniLB.RequestPath.Admit;

/// <summary>The number by which clients are told apart where each has an allowance of its own.</summary>
internal static class ClientKey
{
    // ff00::/8 is for groups (RFC 4291 section 2.7), so that no client's IPv6 address begins like that.
    private const ulong V4 = 0xffff_ffff_0000_0000;

    /// <summary>IPv4 whole; IPv6 by its first 64 bits: whoever has one address there has all of them.</summary>
    public static ulong Of(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        return length == 4 || address.IsIPv4MappedToIPv6
            ? V4 | BinaryPrimitives.ReadUInt32BigEndian(bytes[(length - 4)..])
            : BinaryPrimitives.ReadUInt64BigEndian(bytes);
    }
}
