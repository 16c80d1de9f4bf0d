using System.Net;
using MiniLB.Wire;
using static MiniLB.Tests.Wire.ProxyHeaders;

namespace MiniLB.Tests.Wire;

public sealed class ProxyHeaderV2Tests
{
    private static readonly string UnixBlock = new('/', 216);

    [Fact]
    public void Header_NamesTheClient()
    {
        Assert.Equal(new ProxyHeader(
            ProxyOrigin.Address, IPEndPoint.Parse("192.0.2.1:56324"), IPEndPoint.Parse("198.51.100.2:443")),
            Good(V2(0x21, 0x11, IPv4Block)));
        Assert.Equal(new ProxyHeader(
            ProxyOrigin.Address, IPEndPoint.Parse("[2001:db8::1]:56324"), IPEndPoint.Parse("[2001:db8::2]:443")),
            Good(V2(0x21, 0x21, IPv6Block)));
        Assert.Equal(new ProxyHeader(ProxyOrigin.UnixSocket, null, null), Good(V2(0x21, 0x31, UnixBlock)));
    }

    [Theory]
    [InlineData(0x20, 0x00, "")]
    [InlineData(0x20, 0x11, IPv4Block)]
    [InlineData(0x20, 0x11, "short")]
    [InlineData(0x20, 0xff, "anything")]
    public void Local_IsTheSenders(int command, int family, string block) =>
        Assert.Equal(new ProxyHeader(ProxyOrigin.Sender, null, null), Good(V2(command, family, block)));

    [Theory]
    [InlineData(0x21, 0x00, "")]
    [InlineData(0x21, 0x00, "anything")]
    [InlineData(0x21, 0x01, "anything")]
    [InlineData(0x21, 0x10, IPv4Block)]
    [InlineData(0x21, 0x12, IPv4Block)]
    [InlineData(0x21, 0x22, IPv6Block)]
    public void UnspecifiedOrDatagram_IsOfSomebodyUnknown(int command, int family, string block) =>
        Assert.Equal(new ProxyHeader(ProxyOrigin.Unknown, null, null), Good(V2(command, family, block)));

    [Theory]
    [InlineData(0x11, 0x11)] // another version
    [InlineData(0x31, 0x11)]
    [InlineData(0x22, 0x11)] // another command
    [InlineData(0x2f, 0x00)]
    [InlineData(0x21, 0x41)] // another family
    [InlineData(0x21, 0xf1)]
    [InlineData(0x21, 0x13)] // another transport
    [InlineData(0x21, 0x0f)]
    public void WhatTheVersionDoesNotHave_IsRefused_AsSoonAsItIsSeen(int command, int family) =>
        Assert.Equal(ProxyHeaderError.Command, Read($"{Signature}{(char)command}{(char)family}", out _, out _));

    [Theory]
    [InlineData(0x11, 11)]
    [InlineData(0x21, 35)]
    [InlineData(0x31, 215)]
    [InlineData(0x11, 0)]
    public void BlockWithoutRoomForItsAddresses_IsRefused(int family, int length) =>
        Assert.Equal(ProxyHeaderError.Addresses, Read(V2(0x21, family, new string('\0', length)), out _, out _));

    [Fact]
    public void LongestHeader_Has4KiB()
    {
        var vector = $"\u0004{(char)((4096 - 16 - 12 - 3) >> 8)}{(char)((4096 - 16 - 12 - 3) & 0xff)}";
        var longest = V2(0x21, 0x11, IPv4Block + vector + new string('x', 4096 - 16 - 12 - 3));

        Assert.Equal(4096, longest.Length);
        Good(longest);
        Assert.Equal(ProxyHeaderError.TooLong, Read(V2(0x21, 0x11, "", 4097 - 16), out _, out _));
        Assert.Equal(ProxyHeaderError.TooLong, Read(V2(0x20, 0x00, "", 65535), out _, out _));
    }

    [Theory]
    [InlineData("\u0004\0\0")]
    [InlineData("\u0001\0\u0002h2\u0005\0\u0001x\xee\0\0")]
    [InlineData("\u0020\0\u0005\u0001\0\0\0\0")]
    public void Vectors_AreSkipped(string vectors)
    {
        Assert.Equal(Good(V2(0x21, 0x11, IPv4Block)), Good(V2(0x21, 0x11, IPv4Block + vectors)));
        Assert.Equal(Good(V2(0x21, 0x11, IPv4Block)), Good(WithChecksum(vectors)));
        Good(V2(0x21, 0x31, UnixBlock + vectors));
    }

    [Theory]
    [InlineData("\u0004")]
    [InlineData("\u0004\0")]
    [InlineData("\u0004\0\u0001")]
    [InlineData("\u0004\0\0\u0004\xff\xff.")]
    public void VectorThatDoesNotFit_IsRefused(string vectors) =>
        Assert.Equal(ProxyHeaderError.Vector, Read(V2(0x21, 0x11, IPv4Block + vectors), out _, out _));

    [Fact]
    public void Checksum_IsThatOfTheStandard() =>
        Assert.Equal(0xe306_9283u, Crc32C(Heads.Bytes("123456789"))); // the check value of CRC-32C

    [Fact]
    public void WrongChecksum_IsRefused_WhicheverByteIsAnother()
    {
        var right = WithChecksum("\u0005\0\u0003abc");
        var type = right.Length - 7;
        foreach (var i in Enumerable.Range(16, right.Length - 16).Where(i => i != type))
        {
            var wrong = right.ToCharArray();
            wrong[i] ^= '\u0001';
            Assert.NotEqual(ProxyHeaderError.None, Read(new string(wrong), out _, out _));
        }

        Assert.Equal(ProxyHeaderError.Checksum,
            Read(V2(0x21, 0x11, IPv4Block + "\u0003\0\u0003\0\0\0"), out _, out _));
    }

    [Theory]
    [InlineData("192.0.2.1:56324", "198.51.100.2:443", 28)]
    [InlineData("[2001:db8::1]:0", "[::ffff:192.0.2.1]:65535", 52)]
    public void WrittenHeader_IsReadAsItWasMeant(string source, string destination, int length)
    {
        var (from, to) = (IPEndPoint.Parse(source), IPEndPoint.Parse(destination));
        var bytes = new byte[ProxyHeaderV2.MostWritten];

        Assert.Equal(length, ProxyHeaderV2.Write(from, to, bytes));
        Assert.Equal(new ProxyHeader(ProxyOrigin.Address, from, to), Good(Heads.Text(bytes.AsSpan(0, length))));
    }

    private static ProxyHeader Good(string received)
    {
        Assert.Equal(
            (ProxyHeaderError.None, received.Length), (Read(received, out var header, out var length), length));
        return header;
    }

    private static ProxyHeaderError Read(string received, out ProxyHeader header, out int length) =>
        ProxyHeaderParser.Read(Heads.Bytes(received), out header, out length);
}
