using MiniLB.Admin.Stats;
using MiniLB.Cli;

namespace MiniLB.Tests.Cli;

public sealed class StatusTableTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Table_IsAligned_WithNumbersOnTheRight()
    {
        var stats = Stats(
            Pool("web", Backend("http://10.0.0.1:8080"), Backend("http://10.0.0.2:8080", "down") with
            {
                Weight = 3,
                Backup = true,
                Share = 0,
                Failures = 12,
                Reason = "connection refused",
                Since = Now.AddHours(-3),
                Latency = new LatencyDocument(0, 0, 0, 0),
                Rates = new RatesDocument(0, 0, 0),
            }));

        Assert.Equal("""
            minilb 1.2.3, ready, up for 2h: 1234 req/s, p50 4.25ms, p99 123ms, 99 requests, 2 failed, 1 retried, 8 refused, 7 in flight, 5 connections

            web  roundRobin, 1 of 2 up, 42.0 req/s, 4 in flight, 6 waiting
              BACKEND                         STATE  SINCE  SHARE  REQ/S     P50   P99  IN FLIGHT  CONNS  REQUESTS  FAILED
              http://10.0.0.1:8080            up       20s    50%   21.5  4.25ms  1.2s          4      2      1000       0
              http://10.0.0.2:8080 x3 backup  down      3h     0%    0.0       -     -          4      2      1000      12  connection refused

            """, StatusTable.Of(stats, null, new StatusColors(areShown: false)));
    }

    [Fact]
    public void Pool_ThatIsAskedFor_IsShownAlone()
    {
        var stats = Stats(Pool("web", Backend("http://web:1")), Pool("api", Backend("http://api:1")));

        var shown = StatusTable.Of(stats, "api", new StatusColors(areShown: false));

        Assert.Contains("http://api:1", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("web", shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("up", "\e[32mup   \e[0m")]
    [InlineData("down", "\e[31mdown \e[0m")]
    [InlineData("draining", "\e[33mdraining\e[0m")]
    public void Colors_AreTheStates_AndMoveNoColumn(string state, string shown)
    {
        var stats = Stats(Pool("web", Backend("http://web:1", state)));
        var plain = StatusTable.Of(stats, null, new StatusColors(areShown: false));

        var colored = StatusTable.Of(stats, null, new StatusColors(areShown: true));

        Assert.Contains(shown, colored, StringComparison.Ordinal);
        Assert.Equal(plain, System.Text.RegularExpressions.Regex.Replace(colored, "\e\\[\\d+m", ""));
    }

    [Fact]
    public void WhatSteersATerminal_IsNotPassedOn()
    {
        var stats = Stats(Pool("we\eb", Backend("http://web:1", "down") with { Reason = "\e[2Jgone\a" }));

        var shown = StatusTable.Of(stats, null, new StatusColors(areShown: false));

        Assert.Contains("?[2Jgone?", shown, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', shown);
    }

    [Fact]
    public void Sources_AreShownWithWhatTheyHave_AndWhyTheyCannotBeLookedUp()
    {
        var good = new SourceStats
        {
            Source = "dns http://api:80", Backends = 2, SucceededAt = Now.AddSeconds(-3), Failures = 0, Problem = null,
        };
        var stats = Stats(Pool("web", Backend("http://web:1"))) with
        {
            Sources = [good, good with { Source = "srv http://_x._tcp.b", Problem = "SERV\eFAIL" }],
        };

        var shown = StatusTable.Of(stats, null, new StatusColors(areShown: false));

        Assert.Contains("\ndns http://api:80  2 backends, looked up 3s ago\n", shown, StringComparison.Ordinal);
        Assert.Contains("\nsrv http://_x._tcp.b  2 backends, looked up 3s ago, now it cannot be: SERV?FAIL\n", shown,
            StringComparison.Ordinal);
    }

    private static StatsDocument Stats(params PoolStats[] pools) => new()
    {
        Time = Now,
        Version = "1.2.3",
        UptimeSeconds = 7200,
        Ready = true,
        Requests = 99,
        Failures = 2,
        Retries = 1,
        Refused = new Dictionary<string, long> { ["access"] = 5, ["method"] = 3 },
        InFlight = 7,
        BytesIn = 0,
        BytesOut = 0,
        Connections = 5,
        Rates = new RatesDocument(1234.4, 0, 0),
        Latency = new LatencyDocument(0.00425, 0, 0.123, 0),
        Pools = pools,
        Flips = [],
        Certificates = [],
        Sources = [],
    };

    private static PoolStats Pool(string name, params BackendStats[] backends) => new()
    {
        Pool = name,
        Strategy = "roundRobin",
        Waiting = 6,
        Requests = 0,
        Failures = 0,
        Retries = 0,
        InFlight = 4,
        Rates = new RatesDocument(42, 0, 0),
        Latency = new LatencyDocument(0, 0, 0, 0),
        Backends = backends,
    };

    private static BackendStats Backend(string url, string state = "up") => new()
    {
        Pool = "web",
        Url = url,
        Source = null,
        Mode = "enabled",
        Alive = true,
        Available = true,
        Weight = 1,
        Backup = false,
        InFlight = 4,
        Connections = 2,
        Tunnels = 0,
        Sends = 0,
        Failures = 0,
        Ejected = null,
        Circuit = null,
        State = state,
        Reason = "status 200",
        Since = Now.AddSeconds(-20),
        Share = 0.5,
        Requests = 1000,
        Retries = 0,
        BytesIn = 0,
        BytesOut = 0,
        Rates = new RatesDocument(21.5, 0, 0),
        Latency = new LatencyDocument(0.00425, 0, 1.23, 0),
        Errors = [],
    };
}
