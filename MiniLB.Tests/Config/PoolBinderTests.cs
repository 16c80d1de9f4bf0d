using MiniLB.Config.Options;

namespace MiniLB.Tests.Config;

public sealed class PoolBinderTests
{
    [Fact]
    public void EveryKey_WithAGoodValue_HasItsEffect()
    {
        var pool = Configured.Good(Configured.By("""
            {"pools": {"web": {
              "strategy": "roundRobin",
              "backends": ["http://10.0.0.1:8080", {"url": "https://10.0.0.2", "weight": 3}],
              "healthCheck": {"enabled": true, "type": "tcp", "path": "/healthz", "method": "HEAD",
                "host": "up.example", "headers": {"X-Probe": "1", "Accept": "text/plain"},
                "port": 8081, "interval": "5s", "downInterval": "20s", "fastInterval": "500ms", "jitter": 0.25,
                "timeout": "1s", "rise": 4, "fall": 5, "status": "200,204", "body": "ok", "initial": "down"},
              "timeouts": {"connect": "1s", "responseHeaders": "2s", "idle": "3s", "total": "4s"},
              "keepAlive": {"idle": "6s", "lifetime": "7m"},
              "limits": {"responseHeaders": 7, "responseHeaderBytes": "8KiB"},
              "retry": {"attempts": 3}
            }}}
            """)).Pools.Single();

        Assert.Equal(StrategyName.RoundRobin, pool.Strategy);
        Assert.Equal([("http://10.0.0.1:8080", 1), ("https://10.0.0.2", 3)],
            pool.Backends.Select(b => (b.Url, b.Weight)));
        Assert.Equal(
            [("X-Probe", "1"), ("Accept", "text/plain")], pool.HealthCheck.Headers.Select(h => (h.Key, h.Value)));
        Assert.Equal("200,204", pool.HealthCheck.Status!.ToString());
        Assert.Equal(
            new HealthCheckOptions
            {
                Enabled = true,
                Type = ProbeType.Tcp,
                Path = "/healthz",
                Method = "HEAD",
                Host = "up.example",
                Headers = pool.HealthCheck.Headers,
                Port = 8081,
                Interval = TimeSpan.FromSeconds(5),
                DownInterval = TimeSpan.FromSeconds(20),
                FastInterval = TimeSpan.FromMilliseconds(500),
                Jitter = 0.25,
                Timeout = TimeSpan.FromSeconds(1),
                Rise = 4,
                Fall = 5,
                Status = pool.HealthCheck.Status,
                Body = "ok",
                Initial = InitialHealth.Down,
            }, pool.HealthCheck);
        Assert.Equal(
            new PoolTimeoutOptions
            {
                Connect = TimeSpan.FromSeconds(1),
                ResponseHeaders = TimeSpan.FromSeconds(2),
                Idle = TimeSpan.FromSeconds(3),
                Total = TimeSpan.FromSeconds(4),
            }, pool.Timeouts);
        Assert.Equal(
            new KeepAliveOptions { Idle = TimeSpan.FromSeconds(6), Lifetime = TimeSpan.FromMinutes(7) },
            pool.KeepAlive);
        Assert.Equal(new PoolLimitOptions { ResponseHeaders = 7, ResponseHeaderBytes = 8192 }, pool.Limits);
        Assert.Equal(3, pool.Retry.Attempts);
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("\"on\"", true)]
    [InlineData("false", false)]
    [InlineData("\"off\"", false)]
    public void Flag_MayBeAWordOrABoolean(string value, bool enabled) => Assert.Equal(enabled,
        Configured.Good(Configured.ByPoolLine($"\"healthCheck\": {{\"enabled\": {value}}}"))
            .Pools[0].HealthCheck.Enabled);

    [Theory]
    [InlineData("path")]
    [InlineData("host")]
    [InlineData("port")]
    [InlineData("status")]
    [InlineData("body")]
    [InlineData("headers")]
    public void HealthCheckKey_OfNull_MeansItsDefault(string key)
    {
        var line = $"\"healthCheck\": {{\"{key}\": null}}";
        var check = Configured.Good(Configured.ByPoolLine(line)).Pools[0].HealthCheck;

        Assert.Empty(check.Headers);
        Assert.Equal(new HealthCheckOptions { Headers = check.Headers }, check);
    }

    [Fact]
    public void Urls_OfOneHostAndDifferentPortsOrSchemes_AreDifferentBackends() =>
        Assert.Equal(3, Configured.Good(Configured.ByPoolLine(
            "\"backends\": [\"http://a:443\", \"http://a:80\", \"https://a\"]")).Pools[0].Backends.Count);
}
