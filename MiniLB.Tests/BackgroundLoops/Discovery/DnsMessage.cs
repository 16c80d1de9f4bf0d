using System.Buffers.Binary;
using System.Net;
using System.Text;
using MiniLB.BackgroundLoops.Discovery;

namespace MiniLB.Tests.BackgroundLoops.Discovery;

/// <summary>Writes answers as DNS servers do, and as none should.</summary>
internal sealed class DnsMessage
{
    private readonly List<byte> _bytes = [];
    private ushort _answers;

    /// <param name="query">What is answered.</param>
    /// <param name="flags">A response of a server that asks others, unless said otherwise.</param>
    public DnsMessage(DnsQuery query, ushort flags = 0x8180)
        : this(query.Id, flags, query.Name.Text!, query.Type)
    {
    }

    public DnsMessage(ushort id, ushort flags, string name, DnsType type)
    {
        _bytes.AddRange(new byte[12]);
        Put(0, id);
        Put(2, flags);
        Put(4, 1);
        Name(name).UInt16((ushort)type).UInt16(1);
    }

    /// <summary>Where what is written next will lie.</summary>
    public int At => _bytes.Count;

    public byte[] Bytes
    {
        get
        {
            Put(6, _answers);
            return [.. _bytes];
        }
    }

    /// <summary>Says that there are so many answers, whatever there is.</summary>
    public byte[] Claiming(ushort answers)
    {
        Put(6, answers);
        return [.. _bytes];
    }

    public static byte[] Wire(string name) =>
    [
        .. name.Split('.').SelectMany(l => Encoding.Latin1.GetBytes(l).Prepend((byte)l.Length)), 0,
    ];

    public DnsMessage Address(string address, string? owner = null) => Record(
        owner, IPAddress.Parse(address) is { AddressFamily: System.Net.Sockets.AddressFamily.InterNetwork }
            ? DnsType.A
            : DnsType.Aaaa, IPAddress.Parse(address).GetAddressBytes());

    public DnsMessage Alias(string owner, string target) => Record(owner, DnsType.Cname, Wire(target));

    public DnsMessage Service(int priority, int weight, int port, string target) => Record(null, DnsType.Srv,
    [
        (byte)(priority >> 8), (byte)priority, (byte)(weight >> 8), (byte)weight, (byte)(port >> 8), (byte)port,
        .. target == "." ? [0] : Wire(target),
    ]);

    /// <param name="owner">Null points at the name of the question.</param>
    /// <param name="type">The record's.</param>
    /// <param name="data">The record's.</param>
    /// <param name="length">What is said of the data's length, where that is another.</param>
    public DnsMessage Record(string? owner, DnsType type, byte[] data, ushort? length = null)
    {
        _answers++;
        _ = owner is null ? UInt16(0xC00C) : Name(owner);
        UInt16((ushort)type).UInt16(1).UInt16(0).UInt16(60).UInt16(length ?? (ushort)data.Length);
        return Raw(data);
    }

    public DnsMessage Raw(params byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public DnsMessage Count()
    {
        _answers++;
        return this;
    }

    public DnsMessage UInt16(ushort value) => Raw((byte)(value >> 8), (byte)value);

    private DnsMessage Name(string name) => Raw(Wire(name));

    private void Put(int at, ushort value)
    {
        Span<byte> two = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(two, value);
        (_bytes[at], _bytes[at + 1]) = (two[0], two[1]);
    }
}
