using System.Buffers.Binary;
using System.Security.Cryptography;

namespace MiniLB.BackgroundLoops.Discovery;

/// <summary>One question to a DNS server, with an id that nobody can guess.</summary>
internal sealed class DnsQuery
{
    /// <summary>What an answer over UDP may have: what passes every network unfragmented (DNS Flag Day 2020).</summary>
    public const ushort MostUdpBytes = 1232;

    /// <summary>The Internet, the one class there is.</summary>
    public const ushort InternetClass = 1;

    private const int HeadBytes = 12;
    private const ushort RecursionDesired = 0x0100;
    private const ushort OptType = 41;

    /// <param name="name">Whose records.</param>
    /// <param name="type">Which records.</param>
    /// <param name="id">Null draws one.</param>
    /// <param name="extends">Whether more than 512 bytes are asked for (EDNS, RFC 6891), which some old servers take
    /// for an error.</param>
    public DnsQuery(DnsName name, DnsType type, bool extends = true, ushort? id = null)
    {
        (Name, Type) = (name, type);
        Id = id ?? (ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue + 1);
        Bytes = Write(extends);
    }

    public DnsName Name { get; }

    public DnsType Type { get; }

    public ushort Id { get; }

    public byte[] Bytes { get; }

    private byte[] Write(bool extends)
    {
        const int optBytes = 11;
        var bytes = new byte[HeadBytes + Name.Wire.Length + 4 + (extends ? optBytes : 0)];
        Put(bytes, 0, Id);
        Put(bytes, 2, RecursionDesired);
        Put(bytes, 4, 1);
        var at = HeadBytes;
        foreach (var c in Name.Wire)
        {
            bytes[at++] = (byte)c;
        }

        Put(bytes, at, (ushort)Type);
        Put(bytes, at + 2, InternetClass);
        if (extends)
        {
            // The root's name, the type, and in the place of the class how much may come; the rest is zero.
            Put(bytes, 10, 1);
            Put(bytes, at + 5, OptType);
            Put(bytes, at + 7, MostUdpBytes);
        }

        return bytes;
    }

    private static void Put(byte[] bytes, int at, ushort value) =>
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(at), value);
}

/// <summary>The types of records that are asked for, by their numbers.</summary>
internal enum DnsType
{
    /// <summary>IPv4 addresses.</summary>
    A = 1,

    /// <summary>Another name for a name; never asked for.</summary>
    Cname = 5,

    /// <summary>IPv6 addresses.</summary>
    Aaaa = 28,

    /// <summary>Servers of a service (RFC 2782).</summary>
    Srv = 33,
}
