using System.Net;
using MiniLB.Config.Options;
using MiniLB.RequestPath;
using MiniLB.RequestPath.Balance;

namespace MiniLB.Tests.RequestPath.Balance;

public sealed class HashKeysTests
{
    [Fact]
    public void Key_IsTheSameInEveryProcess() =>
        Assert.Equal(0x2C1C901EED9ADC4AUL, HashKeys.OfAddress(IPAddress.Parse("192.0.2.1")));

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("::ffff:192.0.2.1", "::ffff:192.0.2.2", false)]
    [InlineData("2001:db8::1", "2001:db8::2", true)]
    [InlineData("2001:db8::1", "2001:db8::ffff:ffff:ffff:ffff", true)]
    [InlineData("2001:db8::1", "2001:db8:0:1::1", false)]
    [InlineData("::1", "0.0.0.0", false)]
    public void Address_IsKnownByIpv4WholeAndIpv6Network(string one, string other, bool same) => Assert.Equal(
        same, HashKeys.OfAddress(IPAddress.Parse(one)) == HashKeys.OfAddress(IPAddress.Parse(other)));

    [Fact]
    public void IpHash_GoesByTheAddress_WhateverTheHashNames()
    {
        var keys = new HashKeys(Options(HashKeySource.Path) with { Strategy = StrategyName.IpHash });
        var client = IPAddress.Parse("192.0.2.1");

        Assert.Equal(
            keys.Of(From(client, TestExchange.To("/a"))), keys.Of(From(client, TestExchange.To("/b"))));
        Assert.NotEqual(
            keys.Of(From(client, TestExchange.To("/a"))),
            keys.Of(From(IPAddress.Parse("192.0.2.2"), TestExchange.To("/a"))));
    }

    [Theory]
    [InlineData("/a", "/a", true)]
    [InlineData("/a?x=1", "/a?y=2", true)]
    [InlineData("/a?", "/a", true)]
    [InlineData("/a", "/A", false)]
    [InlineData("/a", "/a/", false)]
    [InlineData("/a%2fb", "/a/b", false)]
    public void Path_IsKnownAsSent_WithoutItsQuery(string one, string other, bool same)
    {
        var keys = new HashKeys(Options(HashKeySource.Path));

        Assert.Equal(same, keys.Of(TestExchange.To(one)) == keys.Of(TestExchange.To(other)));
    }

    [Theory]
    [InlineData("X-User", "1", "x-user", "1", true)]
    [InlineData("X-User", "1", "X-User", "2", false)]
    [InlineData("X-User", "a", "X-User", "A", false)]
    public void Header_IsKnownByItsValue_ItsNameInAnyCase(
        string name, string value, string otherName, string otherValue, bool same)
    {
        var keys = new HashKeys(Options(HashKeySource.Header, "X-User"));

        Assert.Equal(same, keys.Of(TestExchange.To("/", ("X-Users", "7"), (name, value), ("X-Other", value)))
            == keys.Of(TestExchange.To("/", (otherName, otherValue))));
    }

    [Fact]
    public void Header_SentSeveralTimes_IsKnownByTheFirstThatSaysSomething()
    {
        var keys = new HashKeys(Options(HashKeySource.Header, "X-User"));
        var one = keys.Of(TestExchange.To("/", ("X-User", "1")));

        Assert.Equal(one, keys.Of(TestExchange.To("/", ("X-User", "1"), ("X-User", "2"))));
        Assert.Equal(one, keys.Of(TestExchange.To("/", ("X-User", ""), ("X-User", "1"))));
    }

    [Theory]
    [InlineData("id=1", "a=0; id=1", true)]
    [InlineData("id=1", "id=1; id=2", true)]
    [InlineData("id=1", "id=; id=1", true)]
    [InlineData("id=1", "idx=2; id=1", true)]
    [InlineData("id=1", "id=2", false)]
    [InlineData("id=1", "id=\"1\"", false)]
    public void Cookie_IsKnownByTheFirstValueThatSaysSomething(string one, string other, bool same)
    {
        var keys = new HashKeys(Options(HashKeySource.Cookie, "id"));

        Assert.Equal(
            same, keys.Of(TestExchange.WithCookies(one)) == keys.Of(TestExchange.WithCookies(other)));
    }

    [Fact]
    public void CookieOnASecondLine_IsFound()
    {
        var keys = new HashKeys(Options(HashKeySource.Cookie, "id"));

        Assert.Equal(
            keys.Of(TestExchange.WithCookies("id=1")), keys.Of(TestExchange.WithCookies("a=0", "b=0; id=1")));
    }

    [Theory]
    [InlineData("ClientIp", "")]
    [InlineData("Header", "X-User")]
    [InlineData("Cookie", "id")]
    public void RequestsWithoutAKey_AreSpreadEvenly(string source, string name)
    {
        var keys = new HashKeys(Options(Enum.Parse<HashKeySource>(source), name));
        var exchange = TestExchange.To("/", ("Cookie", "a=1; id="), ("X-User", ""));
        var pool = HashPicks.World(4).Current.DefaultPool;

        var picks = new int[4];
        for (var i = 0; i < 40_000; i++)
        {
            picks[HashPicks.Pick(pool, keys.Of(exchange))!.Index]++;
        }

        Assert.All(picks, p => Assert.InRange(p, 9_600, 10_400));
    }

    [Theory]
    [InlineData("ClientIp", "")]
    [InlineData("Path", "")]
    [InlineData("Header", "X-User")]
    [InlineData("Header", "X-None")]
    [InlineData("Cookie", "id")]
    [InlineData("Cookie", "none")]
    public void Key_OnceWarm_CostsNoMemory(string source, string name)
    {
        var keys = new HashKeys(Options(Enum.Parse<HashKeySource>(source), name));
        var exchange = From(
            IPAddress.Parse("2001:db8::1"),
            TestExchange.To($"/{new string('a', 4_000)}?query", ("Cookie", "a=1; id=2"), ("X-User", "me")));
        keys.Of(exchange);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            keys.Of(exchange);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static Exchange From(IPAddress client, Exchange exchange)
    {
        exchange.Client = client;
        return exchange;
    }

    private static PoolOptions Options(HashKeySource source, string name = "") => Sample.PoolOptions() with
    {
        Strategy = StrategyName.ConsistentHash,
        Hash = new HashOptions { Source = source, Name = name },
    };
}
