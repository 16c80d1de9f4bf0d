using Microsoft.Extensions.Logging;
using MiniLB.Config.Options;

namespace MiniLB.Tests.Config;

public sealed class OptionsBinderTests
{
    [Fact]
    public void EveryKey_WithAGoodValue_HasItsEffect()
    {
        var options = Configured.Good(Configured.By("""
            {
              "listeners": [{"address": "127.0.0.1:80"}, {"address": "unix:/run/minilb.sock"}],
              "statusPath": "/up",
              "statusDetail": "none",
              "admin": {"address": "[::1]:9902", "hosts": ["ops.example"], "mode": "0660"},
              "pools": {"web": {"backends": ["http://10.0.0.1:8080"]}},
              "trustedProxies": ["10.0.0.0/8", "::1"],
              "limits": {"connections": 1000, "inFlight": "500", "headers": 50, "headerBytes": "16KiB",
                         "requestLine": 4096, "body": "1MiB", "minBodyRate": 0},
              "timeouts": {"read": "1s", "write": "2s", "idle": "3s"},
              "log": {"level": "warning", "format": "json"},
              "accessLog": {"format": "combined", "path": "/var/log/minilb.log"},
              "shutdown": {"delay": "5s", "grace": "1m", "handOver": "4s"}
            }
            """));

        Assert.Equal(["127.0.0.1:80", "unix:/run/minilb.sock"], options.Listeners.Select(l => l.Address.Text));
        Assert.Equal(("/up", StatusDetail.None), (options.StatusPath, options.StatusDetail));
        Assert.Equal("[::1]:9902", options.Admin.Address!.Text);
        Assert.Equal(["ops.example"], options.Admin.Hosts);
        Assert.Equal(Convert.ToInt32("660", 8), (int)options.Admin.Mode);
        Assert.Equal("web", options.Pools.Single().Name);
        Assert.True(options.TrustedProxies.Contains(System.Net.IPAddress.Parse("10.1.2.3")));
        Assert.True(options.TrustedProxies.Contains(System.Net.IPAddress.IPv6Loopback));
        Assert.Equal(
            new LimitOptions
            {
                Connections = 1000,
                InFlight = 500,
                Headers = 50,
                HeaderBytes = 16_384,
                RequestLine = 4096,
                Body = 1_048_576,
                MinBodyRate = 0,
            }, options.Limits);
        Assert.Equal(
            new ClientTimeoutOptions
            {
                Read = TimeSpan.FromSeconds(1),
                Write = TimeSpan.FromSeconds(2),
                Idle = TimeSpan.FromSeconds(3),
            }, options.Timeouts);
        Assert.Equal(new LogOptions { Level = LogLevel.Warning, Json = true }, options.Log);
        Assert.Equal(
            new AccessLogOptions { Format = AccessLogFormat.Combined, Path = "/var/log/minilb.log" },
            options.AccessLog with { RequestHeaders = [], ResponseHeaders = [] });
        Assert.Equal(
            new ShutdownOptions
            {
                Delay = TimeSpan.FromSeconds(5),
                Grace = TimeSpan.FromMinutes(1),
                HandOver = TimeSpan.FromSeconds(4),
            }, options.Shutdown);
    }

    [Fact]
    public void StatusPath_OfNull_TurnsItOff() =>
        Assert.Null(Configured.Good(Configured.ByLine("\"statusPath\": null")).StatusPath);

    [Theory]
    [InlineData("null")]
    [InlineData("\"off\"")]
    [InlineData("false")]
    public void AdminAddress_OfOffFalseOrNull_OpensNone(string address) =>
        Assert.Null(Configured.Good(Configured.ByLine($"\"admin\": {{\"address\": {address}}}")).Admin.Address);

    [Theory]
    [InlineData("\"off\"")]
    [InlineData("false")]
    public void AccessLogFormat_OfOffOrFalse_IsNone(string format) => Assert.Equal(AccessLogFormat.Off,
        Configured.Good(Configured.ByLine($"\"accessLog\": {{\"format\": {format}}}")).AccessLog.Format);

    [Theory]
    [InlineData("0", 0)]
    [InlineData("\"0\"", 0)]
    [InlineData("\"off\"", 0)]
    [InlineData("false", 0)]
    [InlineData("\"1.5s\"", 1500)]
    public void Duration_MayBeANumberATextOrOff(string value, int milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds),
            Configured.Good(Configured.ByLine($"\"timeouts\": {{\"idle\": {value}}}")).Timeouts.Idle);

    [Fact]
    public void Section_OfNull_HasItsDefaults() =>
        Assert.Equal(new LimitOptions(), Configured.Good(Configured.ByLine("\"limits\": null")).Limits);

    [Fact]
    public void SecondPool_WithoutRoutes_IsAWarningThatItReceivesNothing()
    {
        var configured = Configured.ByLine(
            "\"pools\": {\"web\": {\"backends\": [\"http://a\"]}, \"api\": {\"backends\": [\"http://b\"]}}");

        Configured.Good(configured);
        Assert.Equal(
            ["minilb.json:2:46 pools.api: receives no traffic: "
                + "without routes everything goes to the first pool, 'web'"],
            configured.Warnings);
    }
}
