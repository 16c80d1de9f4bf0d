using System.Net;
using MiniLB.Wire;

namespace MiniLB.Tests.Wire;

public sealed class ProxyHeaderV1Tests
{
    [Theory]
    [InlineData("TCP4 192.0.2.1 198.51.100.2 56324 443", "192.0.2.1:56324", "198.51.100.2:443")]
    [InlineData("TCP4 0.0.0.0 255.255.255.255 0 65535", "0.0.0.0:0", "255.255.255.255:65535")]
    [InlineData("TCP6 2001:db8::1 2001:db8::2 1 2", "[2001:db8::1]:1", "[2001:db8::2]:2")]
    [InlineData("TCP6 2001:DB8:0:0:0:0:0:1 :: 1 2", "[2001:db8::1]:1", "[::]:2")]
    [InlineData("TCP6 ::ffff:192.0.2.1 ::1 1 2", "[::ffff:192.0.2.1]:1", "[::1]:2")]
    public void Line_NamesTheClient(string line, string source, string destination)
    {
        Assert.Equal(ProxyHeaderError.None, Read($"PROXY {line}\r\n", out var header));
        Assert.Equal(
            new ProxyHeader(ProxyOrigin.Address, IPEndPoint.Parse(source), IPEndPoint.Parse(destination)), header);
    }

    [Theory]
    [InlineData("UNKNOWN")]
    [InlineData("UNKNOWN ffff:: 1")]
    [InlineData("UNKNOWN  whatever there is")]
    public void UnknownClient_IsUnknown(string line)
    {
        Assert.Equal(ProxyHeaderError.None, Read($"PROXY {line}\r\n", out var header));
        Assert.Equal(new ProxyHeader(ProxyOrigin.Unknown, null, null), header);
    }

    [Theory]
    [InlineData("")]
    [InlineData("UNKNOWNS")]
    [InlineData("unknown")]
    [InlineData("TCP")]
    [InlineData("TCP5 192.0.2.1 192.0.2.2 1 2")]
    [InlineData("UDP4 192.0.2.1 192.0.2.2 1 2")]
    [InlineData("tcp4 192.0.2.1 192.0.2.2 1 2")]
    [InlineData("TCP4 192.0.2.1 192.0.2.2 1")]
    [InlineData("TCP4 192.0.2.1 192.0.2.2 1 2 3")]
    [InlineData("TCP4 192.0.2.1 192.0.2.2 1 2 ")]
    [InlineData("TCP4  192.0.2.1 192.0.2.2 1 2")]
    [InlineData(" TCP4 192.0.2.1 192.0.2.2 1 2")]
    [InlineData("TCP4\t192.0.2.1 192.0.2.2 1 2")]
    [InlineData("TCP4 192.0.2.01 192.0.2.2 1 2")]
    [InlineData("TCP4 192.0.513 192.0.2.2 1 2")]
    [InlineData("TCP4 3221225985 192.0.2.2 1 2")]
    [InlineData("TCP4 0xc0.0.2.1 192.0.2.2 1 2")]
    [InlineData("TCP4 192.0.2.256 192.0.2.2 1 2")]
    [InlineData("TCP4 192.0.2.1 2001:db8::1 1 2")]
    [InlineData("TCP4 2001:db8::1 2001:db8::2 1 2")]
    [InlineData("TCP6 192.0.2.1 192.0.2.2 1 2")]
    [InlineData("TCP6 [2001:db8::1] 2001:db8::2 1 2")]
    [InlineData("TCP6 fe80::1%1 2001:db8::2 1 2")]
    [InlineData("TCP6 2001:db8:::1 2001:db8::2 1 2")]
    [InlineData("TCP6 2001:db8::1/64 2001:db8::2 1 2")]
    [InlineData("TCP4 192.0.2.1 192.0.2.2 65536 2")]
    [InlineData("TCP4 192.0.2.1 192.0.2.2 1 99999999999999999999")]
    [InlineData("TCP4 192.0.2.1 192.0.2.2 01 2")]
    [InlineData("TCP4 192.0.2.1 192.0.2.2 +1 2")]
    [InlineData("TCP4 192.0.2.1 192.0.2.2 -1 2")]
    [InlineData("TCP4 192.0.2.1 192.0.2.2 1 ")]
    [InlineData("TCP4 client.test 192.0.2.2 1 2")]
    public void Line_ThatReadsOtherwise_IsRefused(string line) =>
        Assert.Equal(ProxyHeaderError.Line, Read($"PROXY {line}\r\n", out _));

    [Theory]
    [InlineData("PROXY UNKNOWN\n")]
    [InlineData("PROXY UNKNOWN\rG")]
    [InlineData("PROXY UNKNOWN \n\r\n")]
    [InlineData("PROXY UNKNOWN\r\r\n")]
    public void Line_ThatEndsInOtherThanCrLf_IsRefused(string line) =>
        Assert.Equal(ProxyHeaderError.LineEnd, Read(line, out _));

    [Fact]
    public void LongestLine_Has107Bytes()
    {
        var longest = "PROXY UNKNOWN ".PadRight(105, 'f');

        Assert.Equal(ProxyHeaderError.None, Read(longest + "\r\n", out _));
        Assert.Equal(ProxyHeaderError.Incomplete, Read(longest + "\r", out _));
        Assert.Equal(ProxyHeaderError.LineEnd, Read(longest + "f\r\n", out _));
        Assert.Equal(ProxyHeaderError.LineEnd, Read(longest + "ff", out _));
    }

    [Theory]
    [InlineData("192.0.2.1:56324", "198.51.100.2:443", "TCP4 192.0.2.1 198.51.100.2 56324 443")]
    [InlineData("255.255.255.255:65535", "255.255.255.254:65535",
        "TCP4 255.255.255.255 255.255.255.254 65535 65535")]
    [InlineData("[2001:db8::1]:0", "[::1]:443", "TCP6 2001:db8::1 ::1 0 443")]
    [InlineData("[::ffff:192.0.2.1]:1", "[::1]:2", "TCP6 ::ffff:192.0.2.1 ::1 1 2")]
    [InlineData("[fe80::1%7]:1", "[fe80::2%4294967295]:2", "TCP6 fe80::1 fe80::2 1 2")]
    [InlineData("[1111:2222:3333:4444:5555:6666:7777:8888]:65535", "[1111:2222:3333:4444:5555:6666:7777:9999%42]:65535",
        "TCP6 1111:2222:3333:4444:5555:6666:7777:8888 1111:2222:3333:4444:5555:6666:7777:9999 65535 65535")]
    public void WrittenLine_IsWhatTheProtocolHas(string source, string destination, string line)
    {
        var to = new byte[ProxyHeaderV1.MostBytes];
        var written = to.AsSpan(
            0, ProxyHeaderV1.Write(IPEndPoint.Parse(source), IPEndPoint.Parse(destination), to));

        Assert.Equal($"PROXY {line}\r\n", Heads.Text(written));
        Assert.Equal(ProxyHeaderError.None, ProxyHeaderParser.Read(written, out var header, out var length));
        Assert.Equal(written.Length, length);
        Assert.Equal(ProxyOrigin.Address, header.Origin);
    }

    private static ProxyHeaderError Read(string received, out ProxyHeader header) =>
        ProxyHeaderParser.Read(Heads.Bytes(received), out header, out _);
}
