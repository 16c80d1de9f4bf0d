using System.Buffers.Binary;
using System.Text;

namespace MiniLB.Tests.Wire;

/// <summary>PROXY headers of version 2 as text, each character a byte.</summary>
internal static class ProxyHeaders
{
    public const string Signature = "\r\n\r\n\0\r\nQUIT\n";

    /// <summary>192.0.2.1:56324 to 198.51.100.2:443.</summary>
    public const string IPv4Block = "\xc0\u0000\u0002\u0001\xc6\x33\x64\u0002\xdc\u0004\u0001\xbb";

    /// <summary>[2001:db8::1]:56324 to [2001:db8::2]:443.</summary>
    public const string IPv6Block =
        "\u0020\u0001\u000d\xb8\0\0\0\0\0\0\0\0\0\0\0\u0001\u0020\u0001\u000d\xb8\0\0\0\0\0\0\0\0\0\0\0\u0002"
        + "\xdc\u0004\u0001\xbb";

    public static string V2(int command, int family, string block) => V2(command, family, block, block.Length);

    public static string V2(int command, int family, string block, int length) =>
        $"{Signature}{(char)command}{(char)family}{(char)(length >> 8)}{(char)(length & 0xff)}{block}";

    /// <summary>A header of IPv4 whose last vector is the checksum.</summary>
    public static string WithChecksum(string vectors)
    {
        var header = V2(0x21, 0x11, $"{IPv4Block}{vectors}\u0003\0\u0004\0\0\0\0");
        var crc = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(crc, Crc32C(Encoding.Latin1.GetBytes(header)));
        return header[..^4] + Encoding.Latin1.GetString(crc);
    }

    /// <summary>Bit by bit (RFC 4960 appendix B), unlike what is tested.</summary>
    public static uint Crc32C(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var one in bytes)
        {
            crc ^= one;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0x82f6_3b78);
            }
        }

        return ~crc;
    }
}
