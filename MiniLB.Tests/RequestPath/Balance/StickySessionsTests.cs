using MiniLB.Config.Options;
using MiniLB.RequestPath;
using MiniLB.RequestPath.Balance;
using MiniLB.RequestPath.Forward;
using MiniLB.State;

namespace MiniLB.Tests.RequestPath.Balance;

public sealed class StickySessionsTests
{
    private static readonly Exchange Plain = By("http");

    [Fact]
    public void Cookie_LeadsBackToItsBackend()
    {
        var (sessions, all) = Sessions(new());

        Assert.All(all, b => Assert.Same(b, sessions.Bound(With($"minilb={ValueOf(sessions, b)}"))));
    }

    [Fact]
    public void Cookie_TellsNothingOfTheBackend()
    {
        var (sessions, all) = Sessions(new());

        var values = all.Select(b => ValueOf(sessions, b)).ToArray();

        Assert.Equal(all.Length, values.Distinct().Count());
        Assert.All(values, v => Assert.Matches("^[A-Za-z0-9_-]{22}$", v));
    }

    [Fact]
    public void Cookie_IsTheSameOnEveryNode_WhateverTheOrderOfTheBackends()
    {
        var (one, all) = Sessions(new());
        var (other, reversed) = Sessions(new(), ports: [9003, 9002, 9001]);

        Assert.Equal(all.Select(b => ValueOf(one, b)), reversed.Reverse().Select(b => ValueOf(other, b)));
    }

    [Fact]
    public void Secret_ChangesTheValue_AndMakesThatOfOthersWorthless()
    {
        var (open, all) = Sessions(new());
        var (secret, ofSecret) = Sessions(new() { Secret = "one" });
        var (other, ofOther) = Sessions(new() { Secret = "two" });
        var (value, otherValue) = (ValueOf(open, all[0]), ValueOf(other, ofOther[0]));

        Assert.Equal(3, new[] { value, otherValue, ValueOf(secret, ofSecret[0]) }.Distinct().Count());
        Assert.Null(secret.Bound(With($"minilb={value}")));
        Assert.Null(secret.Bound(With($"minilb={otherValue}")));
    }

    [Fact]
    public void PoolsOfOneBackend_BindApart()
    {
        var (one, all) = Sessions(new());
        var (other, _) = Sessions(new(), pool: "other");

        Assert.Null(other.Bound(With($"minilb={ValueOf(one, all[0])}")));
    }

    [Theory]
    [InlineData("https", true)]
    [InlineData("HTTPS", true)]
    [InlineData("https, http", true)]
    [InlineData("http", false)]
    [InlineData("http, https", false)]
    [InlineData("", false)]
    public void Secure_IsSaid_WhereTheClientSpeaksHttps(string schemes, bool secure)
    {
        var (sessions, all) = Sessions(new());

        Assert.Equal(secure, sessions.CookieFor(all[0], By(schemes))!.EndsWith("; Secure", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("minilb")]
    [InlineData("minilb=")]
    [InlineData("minilb=AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("minilb=!!!!!!!!!!!!!!!!!!!!!!")]
    [InlineData("minilb====================")]
    [InlineData("minilb=AAAAAAAAAAAAAAAAAAAA==")]
    [InlineData("minilb=AAAA AAAA AAAA AAAA AA")]
    [InlineData("minilb=\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff"
        + "\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff")]
    [InlineData("minilb=http://127.0.0.1:9001")]
    public void Cookie_ThatNamesNoBackend_BindsToNone(string line) =>
        Assert.Null(Sessions(new()).Sessions.Bound(With(line)));

    [Theory]
    [InlineData(23)]
    [InlineData(1_000_000)]
    public void Cookie_OfAnotherLength_BindsToNone(int length)
    {
        var (sessions, all) = Sessions(new());
        var value = ValueOf(sessions, all[0]).PadRight(length, 'A');

        Assert.Null(sessions.Bound(With($"minilb={value}")));
        Assert.Null(sessions.Bound(With($"minilb={value[..21]}")));
    }

    [Fact]
    public void SeveralCookies_BindByTheFirstThatNamesABackend()
    {
        var (sessions, all) = Sessions(new());
        var (first, second) = (ValueOf(sessions, all[0]), ValueOf(sessions, all[1]));

        Assert.Same(all[0], sessions.Bound(With($"minilb={first}; minilb={second}")));
        Assert.Same(all[1], sessions.Bound(With($"minilb={second}; minilb={first}")));
        Assert.Same(all[1], sessions.Bound(With($"minilb=garbled; minilb={second}; minilb={first}")));
        Assert.Same(all[1], sessions.Bound(With("minilb=AAAAAAAAAAAAAAAAAAAAAA", $"minilb={second}")));
        Assert.Same(all[1], sessions.Bound(With($"xminilb={first}; minilbx={first}; minilb={second}")));
    }

    private static Exchange By(string schemes)
    {
        var exchange = TestExchange.To("/");
        exchange.Forwarded = new ForwardedFields("", schemes, "");
        return exchange;
    }

    // A request that began before a reload may be given a backend that the reload has brought.
    [Fact]
    public void BackendOfALaterConfiguration_BindsNobody()
    {
        var (sessions, _) = Sessions(new StickySessionOptions { Enabled = true });

        Assert.Null(sessions.CookieFor(Sample.Backend("http://127.0.0.1:9004", index: 3), Plain));
        Assert.Null(sessions.CookieFor(Sample.Backend("http://127.0.0.1:9004", index: 0), Plain));
    }

    private static Exchange With(params string[] cookies) => TestExchange.WithCookies(cookies);

    private static string ValueOf(StickySessions sessions, Backend backend) =>
        sessions.CookieFor(backend, Plain)!.Split('=', ';')[1];

    private static (StickySessions Sessions, Backend[] All) Sessions(
        StickySessionOptions session, string pool = "default", int[]? ports = null)
    {
        var backends = (ports ?? [9001, 9002, 9003]).Select(p => Sample.BackendOptions($"http://127.0.0.1:{p}"));
        var options = Sample.PoolOptions([.. backends]) with { Name = pool, StickySession = session };
        var all = Sample.World(new RoundRobinStrategy(), options).Current.DefaultPool.All;
        return (new StickySessions(options, all), all);
    }
}
