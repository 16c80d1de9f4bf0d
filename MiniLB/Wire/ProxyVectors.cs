using System.Buffers.Binary;
using System.Numerics;

namespace MiniLB.Wire;

/// <summary>The type-length-value vectors behind the addresses of a PROXY header of version 2 (section 2.2): skipped,
/// but for the checksum.</summary>
internal static class ProxyVectors
{
    private const byte Crc32CType = 0x03;
    private const int HeadLength = 3;
    private const int ChecksumLength = 4;

    /// <param name="header">The whole header.</param>
    /// <param name="start">Where the first vector begins.</param>
    public static ProxyHeaderError Check(ReadOnlySpan<byte> header, int start)
    {
        while (start < header.Length)
        {
            var rest = header[start..];
            var length = rest.Length < HeadLength
                ? int.MaxValue
                : HeadLength + BinaryPrimitives.ReadUInt16BigEndian(rest[1..]);
            if (length > rest.Length)
            {
                return ProxyHeaderError.Vector;
            }

            if (rest[0] == Crc32CType && !IsRight(header, start + HeadLength, length - HeadLength))
            {
                return ProxyHeaderError.Checksum;
            }

            start += length;
        }

        return ProxyHeaderError.None;
    }

    // Over the whole header, the checksum's own bytes being zero (section 2.2.3).
    private static bool IsRight(ReadOnlySpan<byte> header, int at, int length)
    {
        if (length != ChecksumLength)
        {
            return false;
        }

        var crc = Add(uint.MaxValue, header[..at]);
        crc = Add(crc, [0, 0, 0, 0]);
        crc = ~Add(crc, header[(at + length)..]);
        return crc == BinaryPrimitives.ReadUInt32BigEndian(header[at..]);
    }

    private static uint Add(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (var one in bytes)
        {
            crc = BitOperations.Crc32C(crc, one);
        }

        return crc;
    }
}
