using System.Net;
using MiniLB.Config.Options;
using MiniLB.RequestPath;
using MiniLB.RequestPath.Forward;
using MiniLB.Tests.Wire;
using MiniLB.Wire;

namespace MiniLB.Tests.RequestPath.Forward;

public sealed class IntroductionTests
{
    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", "TCP4 192.0.2.1 198.51.100.2 40000 443")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1", "TCP4 192.0.2.1 198.51.100.2 40000 443")]
    [InlineData("192.0.2.1", "203.0.113.7", "TCP4 203.0.113.7 198.51.100.2 0 443")] // others spoke for it
    [InlineData("192.0.2.1", "2001:db8::7", "TCP6 2001:db8::7 ::ffff:198.51.100.2 0 443")]
    [InlineData("2001:db8::1", "2001:db8::1", "TCP6 2001:db8::1 ::ffff:198.51.100.2 40000 443")]
    public void Client_IsNamed_WithItsPortWhereThatIsKnown(string peer, string client, string line)
    {
        var exchange = From(peer, client);

        Assert.Equal($"PROXY {line}\r\n", Write(exchange, ProxyProtocolVersion.V1));
        var v2 = Heads.Bytes(Write(exchange, ProxyProtocolVersion.V2));
        Assert.Equal(ProxyHeaderError.None, ProxyHeaderParser.Read(v2, out var header, out _));
        Assert.Equal(line[5..], $"{header.Source!.Address} {header.Destination!.Address} {header.Source.Port} "
            + $"{header.Destination.Port}");
    }

    [Fact]
    public void ClientWithoutAnAddress_IsUnknown_OrLocal()
    {
        var exchange = From(null, null);

        Assert.Equal("PROXY UNKNOWN\r\n", Write(exchange, ProxyProtocolVersion.V1));
        Assert.Equal(ProxyHeaders.V2(0x20, 0, ""), Write(exchange, ProxyProtocolVersion.V2));
    }

    [Fact]
    public void ConnectionThatHasJustEnded_StillNamesItsClient()
    {
        var exchange = From("192.0.2.1", "192.0.2.1");
        exchange.Connection.Introduce(exchange.Connection.PeerEndPoint, local: null);

        Assert.Equal("PROXY TCP4 192.0.2.1 0.0.0.0 40000 0\r\n", Write(exchange, ProxyProtocolVersion.V1));
    }

    [Fact]
    public void Nothing_IsSaid_WhereItIsOff() =>
        Assert.Equal("", Write(From("192.0.2.1", "192.0.2.1"), ProxyProtocolVersion.Off));

    private static Exchange From(string? peer, string? client)
    {
        var exchange = TestExchange.From(peer);
        exchange.Client = client is null ? null : IPAddress.Parse(client);
        return exchange;
    }

    private static string Write(Exchange exchange, ProxyProtocolVersion version)
    {
        var to = new byte[Introduction.MostBytes];
        return Heads.Text(to.AsSpan(0, Introduction.Write(exchange, version, to)));
    }
}
