using System.Net;
using MiniLB.Config.Options;
using MiniLB.RequestPath.Admit;

namespace MiniLB.Tests.RequestPath.Admit;

public sealed class ClientIdentityTests
{
    private const string Trusted = "10.0.0.0/8 fd00::/8";

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7")]
    [InlineData("203.0.113.7, 10.0.0.1", "203.0.113.7")]
    [InlineData("203.0.113.7,10.0.0.1 ,\t10.0.0.2", "203.0.113.7")]
    [InlineData("1.1.1.1, 203.0.113.7, 10.0.0.1", "203.0.113.7")]
    [InlineData("10.0.0.3, 10.0.0.2, 10.0.0.1", "10.0.0.3")]
    [InlineData("203.0.113.7:50000, 10.0.0.1", "203.0.113.7")]
    [InlineData("2001:db8::7, fd00::1", "2001:db8::7")]
    [InlineData("[2001:db8::7], fd00::1", "2001:db8::7")]
    [InlineData("[2001:db8::7]:50000, [fd00::1]:1", "2001:db8::7")]
    [InlineData("::ffff:203.0.113.7, ::ffff:10.0.0.1", "203.0.113.7")]
    [InlineData("[::ffff:203.0.113.7]:80", "203.0.113.7")]
    public void Chain_EndsAtTheNearestAddress_ThatIsNoTrustedProxy(string chain, string client) =>
        Assert.Equal(IPAddress.Parse(client), ClientIdentity.FromChain(chain, TestExchange.Cidrs(Trusted)));

    [Theory]
    [InlineData("", null)]
    [InlineData("unknown", null)]
    [InlineData("_hidden, unknown", null)]
    [InlineData("203.0.113.7, unknown", null)]
    [InlineData("203.0.113.7, unknown, 10.0.0.1", "10.0.0.1")]
    [InlineData("203.0.113.7:99999, 10.0.0.1", "10.0.0.1")]
    [InlineData("[2001:db8::7, 10.0.0.1", "10.0.0.1")]
    [InlineData("203.0.113.7;10.0.0.1", null)]
    [InlineData("256.1.1.1, 10.0.0.1", "10.0.0.1")]
    [InlineData("example.com, 10.0.0.1", "10.0.0.1")]
    [InlineData("http://203.0.113.7, 10.0.0.1", "10.0.0.1")]
    [InlineData("203.0.113.7, , 10.0.0.1", "10.0.0.1")]
    public void Garbage_InTheChain_IsNotLookedBehind(string chain, string? client) => Assert.Equal(
        client is null ? null : IPAddress.Parse(client),
        ClientIdentity.FromChain(chain, TestExchange.Cidrs(Trusted)));

    [Fact]
    public void Stranger_IsWhoItsConnectionSays_WhateverItClaims()
    {
        var exchange = TestExchange.From("198.51.100.1", Trusted,
            ("X-Forwarded-For", "10.9.9.9"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "other.example"),
            ("X-Request-Id", "chosen"));

        ClientIdentity.Establish(exchange);

        Assert.Equal("198.51.100.1", exchange.ClientText);
        Assert.False(exchange.IsFromTrustedProxy);
        Assert.Equal(new("198.51.100.1", "http", "site.example"), exchange.Forwarded);
        Assert.NotEqual("chosen", exchange.RequestId);
    }

    [Fact]
    public void TrustedProxy_IsBelievedAndAppendedTo()
    {
        var exchange = TestExchange.From("::ffff:10.0.0.1", Trusted,
            ("X-Forwarded-For", "203.0.113.7"), ("X-Forwarded-For", "10.0.0.2"), ("X-Forwarded-Proto", "https"),
            ("X-Forwarded-Host", "public.example"), ("X-Request-Id", "chosen"));

        ClientIdentity.Establish(exchange);

        Assert.Equal("203.0.113.7", exchange.ClientText);
        Assert.Equal(IPAddress.Parse("203.0.113.7"), exchange.Client);
        Assert.Equal(new("203.0.113.7, 10.0.0.2, 10.0.0.1", "https", "public.example"), exchange.Forwarded);
        Assert.Equal("chosen", exchange.RequestId);
    }

    [Fact]
    public void TrustedProxy_ThatSaysNothing_IsTheClient()
    {
        var exchange = TestExchange.From("10.0.0.1", Trusted);

        ClientIdentity.Establish(exchange);

        Assert.Equal("10.0.0.1", exchange.ClientText);
        Assert.Equal(new("10.0.0.1", "http", "site.example"), exchange.Forwarded);
    }

    [Theory]
    [InlineData("198.51.100.1", "for=198.51.100.1;host=site.example;proto=http")]
    [InlineData("10.0.0.1", "for=9.9.9.9, for=8.8.8.8, for=10.0.0.1;host=site.example;proto=http")]
    [InlineData(null, "for=unknown;host=site.example;proto=http")]
    public void Forwarded_IsAppendedTo_WhereItComesFromATrustedProxy(string? peer, string value)
    {
        var exchange = TestExchange.From(
            peer, Trusted, new HeaderOptions { Forwarded = true }, ("Forwarded", "for=9.9.9.9"), ("X-A", "1"),
            ("forwarded", "for=8.8.8.8"));

        ClientIdentity.Establish(exchange);

        Assert.Equal(value, exchange.Forwarded.ListValue);
    }

    [Fact]
    public void UnixSocket_HasNoAddressAndIsNotTrusted()
    {
        var exchange = TestExchange.From(peer: null, "0.0.0.0/0 ::/0", ("X-Forwarded-For", "203.0.113.7"));

        ClientIdentity.Establish(exchange);

        Assert.Null(exchange.Client);
        Assert.Equal("unix:", exchange.ClientText);
        Assert.False(exchange.IsFromTrustedProxy);
    }
}
