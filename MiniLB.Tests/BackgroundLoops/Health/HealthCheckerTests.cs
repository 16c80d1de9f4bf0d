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

    [Theory]
    [InlineData("Content-Length: 4\r\n\r\nwell", true)]
    [InlineData("Content-Length: 3\r\n\r\nwell", false)] // the rest is not the body
    [InlineData("Transfer-Encoding: chunked\r\n\r\n3\r\nwel\r\n1;x=y\r\nl\r\n0\r\n\r\n", true)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n3\r\nwel\r\n0\r\n\r\nl", false)]
    [InlineData("\r\nwell", true)] // until the connection ends
    [InlineData("\r\n", false)]
    [InlineData("Content-Length: 0\r\n\r\nwell", false)]
    public async Task Body_EndsWhereItsFramingSays(string rest, bool passes)
    {
        _server.Answer = "HTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\n" + rest;

        Assert.Equal(passes, (await Probe(new HealthCheckOptions { Body = "well" })).Passed);
    }

    [Fact]
    public async Task Body_IsLookedAtForSoFar()
    {
        _server.Body = new string('a', (64 * 1024) - 4) + "well, well";

        Assert.True((await Probe(new HealthCheckOptions { Body = "awell" })).Passed);
        Assert.False((await Probe(new HealthCheckOptions { Body = "well," })).Passed);
    }

    // As to clients, who would get 502 for it.
    [Theory]
    [InlineData("", "it has closed the connection without an answer")]
    [InlineData("HTTP/1.1 200 OK\r\nA: b", "it has closed the connection amid its answer")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\n", "it has closed the connection without an answer")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", "its answer is no sound HTTP/1.1 (StartLine)")]
    [InlineData("HTTP/1.1 200 OK\nContent-Length: 0\n\n", "its answer is no sound HTTP/1.1 (StartLine)")]
    [InlineData("HTTP/1.1 200 OK\r\nA b\r\n\r\n", "its answer is no sound HTTP/1.1 (FieldName)")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 4\r\n\r\nwell",
        "its answer is no sound HTTP/1.1 (ContentLength)")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n",
        "it switches protocols, unasked")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nit is", "it has closed the connection amid the body")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
        "its answer is no sound HTTP/1.1 (Chunk)")]
    public async Task Answer_ThatNoClientCouldBeGiven_Fails(string answer, string reason)
    {
        _server.Answer = answer;

        Assert.Equal(new ProbeResult(false, reason), await Probe(new HealthCheckOptions { Body = "well" }));
    }

    [Fact]
    public async Task Head_LargerThanThePoolAllows_Fails()
    {
        _server.Answer = $"HTTP/1.1 200 OK\r\nA: {new string('a', 100_000)}\r\nContent-Length: 0\r\n\r\n";

        Assert.Equal(
            new ProbeResult(false, "its answer is no sound HTTP/1.1 (HeadTooLarge)"),
            await Probe(new HealthCheckOptions()));
    }

    [Theory]
    [InlineData("POST", "POST", true)]
    [InlineData("PROPFIND", "PROPFIND", true)]
    [InlineData("get", "GET", false)]
    [InlineData("head", "HEAD", false)]
    public async Task Request_SaysThatItHasNoBody_WhereOneIsExpected(string configured, string method, bool says)
    {
        _server.Body = "more than HEAD has";
        Assert.True((await Probe(new HealthCheckOptions { Method = configured })).Passed);

        Assert.StartsWith($"{method} / HTTP/1.1\r\n", _server.LastRequest, StringComparison.Ordinal);
        Assert.Equal(
            says, _server.LastRequest.Contains("\r\nContent-Length: 0\r\n", StringComparison.Ordinal));
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
