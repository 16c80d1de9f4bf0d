using MiniLB.Wire;

namespace MiniLB.Tests.Wire;

public sealed class ProxyHeaderParserTests
{
    private const int Seed = 20_140;

    private static readonly string[] Whole =
    [
        "PROXY TCP4 192.0.2.1 198.51.100.2 56324 443\r\n",
        "PROXY TCP6 2001:db8::1 2001:db8::2 56324 443\r\n",
        "PROXY UNKNOWN\r\n",
        ProxyHeaders.V2(0x21, 0x11, ProxyHeaders.IPv4Block),
        ProxyHeaders.V2(0x21, 0x21, ProxyHeaders.IPv6Block + "\u0004\u0000\u0002ab"),
        ProxyHeaders.V2(0x21, 0x31, new string('\0', 216)),
        ProxyHeaders.V2(0x20, 0x00, ""),
    ];

    [Fact]
    public void Header_ThatHasArrivedInPart_IsIncomplete_AtEveryByte() => Assert.All(Whole, header =>
    {
        for (var length = 0; length < header.Length; length++)
        {
            Assert.Equal(ProxyHeaderError.Incomplete, Read(header[..length]).Error);
        }
    });

    [Fact]
    public void Header_IsReadTheSame_WhateverFollowsIt() => Assert.All(Whole, header =>
    {
        var alone = Read(header);

        Assert.Equal((ProxyHeaderError.None, header.Length), (alone.Error, alone.Length));
        Assert.All(["G", "GET / HTTP/1.1\r\n\r\n", "\r\n", header, new string('\xff', 10_000)],
            behind => Assert.Equal(alone, Read(header + behind)));
    });

    [Theory]
    [InlineData("G")]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    [InlineData("PROXYTCP4 ")]
    [InlineData("proxy ")]
    [InlineData("PROXY\r\n")]
    [InlineData("\r\n\r\nG")]
    [InlineData("\r\n\r\n\0\r\nQUIT\r")]
    [InlineData("\n")]
    [InlineData("\u0016\u0003\u0001")] // a TLS handshake
    public void SomethingElse_IsTold_WithoutWaitingForMore(string received) =>
        Assert.Equal(ProxyHeaderError.NoHeader, Read(received).Error);

    /// <summary>Whatever comes: no exception, no read past the end, and an answer that more bytes never
    /// change.</summary>
    [Fact]
    public void AnyBytes_AreDecidedUponOnce()
    {
        var random = new Random(Seed);
        for (var i = 0; i < 50_000; i++)
        {
            var bytes = Heads.Bytes(Whole[random.Next(Whole.Length)] + "GET /");
            for (var changes = random.Next(4); changes > 0; changes--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            var first = ProxyHeaderError.Incomplete;
            for (var length = 0; length <= bytes.Length; length++)
            {
                var error = ProxyHeaderParser.Read(bytes.AsSpan(0, length), out var header, out var taken);
                Assert.InRange(error == ProxyHeaderError.None ? taken : 0, 0, length);
                Assert.Equal(
                    error == ProxyHeaderError.None && header.Origin == ProxyOrigin.Address, header.Source is not null);
                Assert.True(first is ProxyHeaderError.Incomplete || first == error, $"{first}, then {error}");
                first = error;
            }
        }
    }

    private static (ProxyHeaderError Error, ProxyHeader Header, int Length) Read(string received) =>
        (ProxyHeaderParser.Read(Heads.Bytes(received), out var header, out var length), header, length);
}
