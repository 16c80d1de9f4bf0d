using Microsoft.Extensions.Logging;
using MiniLB.Config.Options;

namespace MiniLB.Tests.Config.Options;

/// <summary>The defaults of the contract: what a configuration with one backend and nothing else means.</summary>
public sealed class DefaultsTests
{
    private static readonly BalancerOptions Options =
        Configured.Good(Configured.By("""{"pools": {"default": {"backends": ["http://127.0.0.1:9001"]}}}"""));

    private static readonly PoolOptions Pool = Options.Pools.Single();

    [Fact]
    public void Addresses_AreAllOfPort8080AndLoopbackOfPort9901()
    {
        Assert.Equal(":8080", Options.Listeners.Single().Address.Text);
        Assert.True(Options.Listeners.Single().Address.AnyAddress);
        Assert.Equal("127.0.0.1:9901", Options.Admin.Address!.EndPoint.ToString());
        Assert.Empty(Options.Admin.Hosts);
        Assert.Null(Options.Admin.Token);
        Assert.False(Options.Admin.PublicMetrics);
        Assert.Equal(Convert.ToInt32("0600", 8), (int)Options.Admin.Mode);
    }

    [Fact]
    public void StatusDocument_IsAtHealth_WithDetailsForPrivateClients()
    {
        Assert.Equal("/health", Options.StatusPath);
        Assert.Equal(StatusDetail.Private, Options.StatusDetail);
        Assert.True(Options.TrustedProxies.IsEmpty);
    }

    [Fact]
    public void HeaderFields_AreNotChanged() => Assert.Equal(new HeaderOptions(), Options.Headers);

    [Fact]
    public void ClientTimeouts_AreThoseOfTheReplacedPrograms()
    {
        Assert.Equal(TimeSpan.FromSeconds(15), Options.Timeouts.Read);
        Assert.Equal(TimeSpan.FromSeconds(15), Options.Timeouts.Write);
        Assert.Equal(TimeSpan.FromSeconds(60), Options.Timeouts.Idle);
    }

    [Fact]
    public void Limits_AreThoseOfTheContract()
    {
        Assert.Equal(0, Options.Limits.Connections);
        Assert.Equal(0, Options.Limits.InFlight);
        Assert.Equal(100, Options.Limits.Headers);
        Assert.Equal(32 * 1024, Options.Limits.HeaderBytes);
        Assert.Equal(8 * 1024, Options.Limits.RequestLine);
        Assert.Equal(0, Options.Limits.Body);
        Assert.Equal(240, Options.Limits.MinBodyRate);
    }

    [Fact]
    public void Logs_AreTextOfInformationAndJsonToStdout()
    {
        Assert.Equal(LogLevel.Information, Options.Log.Level);
        Assert.False(Options.Log.Json);
        Assert.Equal(AccessLogFormat.Json, Options.AccessLog.Format);
        Assert.Equal("stdout", Options.AccessLog.Path);
        Assert.Equal(1, Options.AccessLog.Sample);
        Assert.Empty(Options.AccessLog.RequestHeaders);
        Assert.Empty(Options.AccessLog.ResponseHeaders);
    }

    [Fact]
    public void Tracing_IsOff() => Assert.Equal(new TracingOptions { Enabled = false, Sample = 0.1 }, Options.Tracing);

    [Fact]
    public void Shutdown_HasNoDelayAndThirtySecondsOfGrace()
    {
        Assert.Equal(TimeSpan.Zero, Options.Shutdown.Delay);
        Assert.Equal(TimeSpan.FromSeconds(30), Options.Shutdown.Grace);
    }

    [Fact]
    public void Pool_TakesTurnsOverBackendsOfWeightOneAndSendsTwiceAtMost()
    {
        Assert.Equal("default", Pool.Name);
        Assert.Equal(StrategyName.RoundRobin, Pool.Strategy);
        Assert.Equal(1, Pool.Backends.Single().Weight);
        Assert.Equal(2, Pool.Retry.Attempts);
    }

    [Fact]
    public void HealthCheck_WaitsAsTheContractSays()
    {
        var check = Pool.HealthCheck;
        Assert.Equal(TimeSpan.FromSeconds(10), check.Interval);
        Assert.Equal(TimeSpan.FromSeconds(10), check.DownInterval);
        Assert.Equal(TimeSpan.FromSeconds(1), check.FastInterval);
        Assert.Equal(0.1, check.Jitter);
        Assert.Equal(TimeSpan.FromSeconds(2), check.Timeout);
        Assert.Equal(2, check.Rise);
        Assert.Equal(3, check.Fall);
        Assert.Equal(InitialHealth.Probe, check.Initial);
    }

    [Fact]
    public void HealthCheck_IsAPlainGetThatTakesEveryStatusBelow500()
    {
        var check = Pool.HealthCheck;
        Assert.True(check.Enabled);
        Assert.Equal(ProbeType.Http, check.Type);
        Assert.Equal("GET", check.Method);
        Assert.Null(check.Path);
        Assert.Null(check.Host);
        Assert.Empty(check.Headers);
        Assert.Null(check.Port);
        Assert.Null(check.Status);
        Assert.Null(check.Body);
        Assert.Equal("100-499", check.AcceptedStatuses.ToString());
    }

    [Fact]
    public void HealthCheck_WithAPath_Takes200To399() =>
        Assert.Equal("200-399", new HealthCheckOptions { Path = "/healthz" }.AcceptedStatuses.ToString());

    [Fact]
    public void BackendTimeouts_AreThoseOfTheContract()
    {
        Assert.Equal(TimeSpan.FromSeconds(5), Pool.Timeouts.Connect);
        Assert.Equal(TimeSpan.FromSeconds(60), Pool.Timeouts.ResponseHeaders);
        Assert.Equal(TimeSpan.FromSeconds(100), Pool.Timeouts.Idle);
        Assert.Equal(TimeSpan.Zero, Pool.Timeouts.Total);
        Assert.Equal(TimeSpan.FromSeconds(30), Pool.KeepAlive.Idle);
        Assert.Equal(TimeSpan.FromMinutes(10), Pool.KeepAlive.Lifetime);
        Assert.Equal(100, Pool.Limits.ResponseHeaders);
        Assert.Equal(64 * 1024, Pool.Limits.ResponseHeaderBytes);
    }
}
