using MiniLB.BackgroundLoops.Health;
using MiniLB.Config;
using MiniLB.Config.Options;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.BackgroundLoops.Health;

public sealed class HealthCheckerTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _clock = new();
    private readonly ProbedServer _server = new();

    public void Dispose() => _server.Dispose();

    [Theory]
    [InlineData(null, null, 499, true)]
    [InlineData(null, null, 500, false)]
    [InlineData("/up", null, 302, true)]
    [InlineData("/up", null, 404, false)]
    [InlineData("/up", "404", 404, true)]
    [InlineData("/up", "404", 200, false)]
    public async Task Status_IsJudgedByPathAndStatuses(string? path, string? statuses, int status, bool passes)
    {
        StatusSet? accepted = null;
        Assert.True(statuses is null || StatusSet.TryParse(statuses, out accepted));
        _server.Status = status;

        var result = await Probe(new HealthCheckOptions { Path = path, Status = accepted });

        Assert.Equal(passes, result.Passed);
        Assert.StartsWith($"status {status}", result.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("all is well", true)]
    [InlineData("well", true)]
    [InlineData("ill", false)]
    [InlineData("", false)]
    public async Task Body_MustContainTheText(string body, bool passes)
    {
        _server.Body = body;

        Assert.Equal(passes, (await Probe(new HealthCheckOptions { Body = "well" })).Passed);
    }

    [Fact]
    public async Task Request_IsWhatTheOptionsSay()
    {
        await Probe(new HealthCheckOptions
        {
            Path = "/up?a=%2f",
            Method = "HEAD",
            Host = "site.example",
            Headers = [new("X-Probe", "1"), new("User-Agent", "mine")],
        });

        Assert.StartsWith("HEAD /up?a=%2f HTTP/1.1\r\n", _server.LastRequest, StringComparison.Ordinal);
        Assert.Contains("\r\nHost: site.example\r\n", _server.LastRequest, StringComparison.Ordinal);
        Assert.Contains("\r\nX-Probe: 1\r\n", _server.LastRequest, StringComparison.Ordinal);
        Assert.Contains("\r\nUser-Agent: mine\r\n", _server.LastRequest, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_WithoutAHost_NamesTheBackendAndOurselves()
    {
        await Probe(new HealthCheckOptions());

        Assert.StartsWith("GET / HTTP/1.1\r\n", _server.LastRequest, StringComparison.Ordinal);
        Assert.Contains($"\r\nHost: {_server.Url[7..]}\r\n", _server.LastRequest, StringComparison.Ordinal);
        Assert.Contains("\r\nUser-Agent: minilb-health-check\r\n", _server.LastRequest, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Http")]
    [InlineData("Tcp")]
    public async Task Port_OfTheOptions_IsProbedInsteadOfTheBackends(string type)
    {
        var options = new HealthCheckOptions { Type = Enum.Parse<ProbeType>(type), Port = new Uri(_server.Url).Port };

        Assert.True((await Probe(options, "http://127.0.0.1:1")).Passed);
        Assert.False((await Probe(options with { Port = 1 })).Passed);
    }

    [Fact]
    public async Task NoAnswer_WithinTheTimeout_FailsAndSaysSo()
    {
        _server.Hangs = true;
        var probe = Probe(new HealthCheckOptions { Timeout = TimeSpan.FromSeconds(2.5) });
        await Eventually.True(() => _server.Requests == 1, "the probe has arrived");

        _clock.Advance(TimeSpan.FromSeconds(2.5));

        Assert.Equal(new ProbeResult(false, "no answer within 2.5 s"), await probe);
    }

    [Fact]
    public async Task Cancellation_IsThrown_AndIsNoResult()
    {
        _server.Hangs = true;
        using var stop = new CancellationTokenSource();
        using var checker = Checker(new HealthCheckOptions(), _server.Url);
        var probe = checker.ProbeAsync(stop.Token);
        await Eventually.True(() => _server.Requests == 1, "the probe has arrived");

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => probe.WaitAsync(Deadline));
    }

    [Fact]
    public async Task EachProbe_HasAConnectionOfItsOwn()
    {
        using var checker = Checker(new HealthCheckOptions(), _server.Url);
        for (var i = 1; i <= 3; i++)
        {
            Assert.True((await checker.ProbeAsync(CancellationToken.None).WaitAsync(Deadline)).Passed);
            Assert.Contains("\r\nConnection: close\r\n", _server.LastRequest, StringComparison.Ordinal);
            Assert.Equal(i, _server.Requests);
        }
    }

    private async Task<ProbeResult> Probe(HealthCheckOptions options, string? url = null)
    {
        using var checker = Checker(options, url ?? _server.Url);
        return await checker.ProbeAsync(CancellationToken.None).WaitAsync(Deadline);
    }

    private HealthChecker Checker(HealthCheckOptions options, string url) =>
        HealthChecker.Create(
            Sample.PoolOptions() with { HealthCheck = options }, Sample.BackendOptions(url).Address, _clock);
}
