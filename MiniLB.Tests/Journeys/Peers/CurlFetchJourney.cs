using Microsoft.AspNetCore.Http;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Peers;

/// <summary>What curl fetches, in each version of HTTP that it speaks without TLS.</summary>
public sealed class CurlFetchJourney
{
    private const string Page = "a page of the backend";

    public static TheoryData<string> Versions => new("--http1.0", "--http1.1", "--http2", "--http2-prior-knowledge");

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Page_WithAndWithoutALength_ArrivesWhole(string version)
    {
        await using var backend = await TestBackend.StartAsync(async context =>
        {
            context.Response.ContentLength = context.Request.Path == "/length" ? Page.Length : null;
            await context.Response.WriteAsync(Page);
        });
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);

        foreach (var path in new[] { "/length", "/chunked" })
        {
            var curl = await FetchAsync(program, path, version, "-D", "-");

            var (head, body) = Split(curl.Output);
            Assert.Equal(Page, body);
            Assert.Contains(" 200", head.Split("\r\n")[0], StringComparison.Ordinal);
            if (version == "--http1.0")
            {
                Assert.DoesNotContain("transfer-encoding", head, StringComparison.OrdinalIgnoreCase);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Head_TellsTheLengthAndHasNoBody(string version)
    {
        await using var backend = RawBackend.Answering("HTTP/1.1 200 OK\r\nContent-Length: 123456\r\nX-A: b\r\n\r\n");
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);

        var curl = await FetchAsync(program, "/", version, "--head");

        var (head, body) = Split(curl.Output);
        Assert.Equal("", body);
        Assert.Contains("content-length: 123456\r\n", head, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("x-a: b\r\n", head, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("--http1.1")]
    [InlineData("--http2-prior-knowledge")]
    public async Task TrailersOfTheBackend_ReachCurl(string version)
    {
        await using var backend = RawBackend.Answering(
            "HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "4\r\nbody\r\n0\r\nX-Sum: forty-two\r\n\r\n");
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);

        var (head, rest) = Split((await FetchAsync(program, "/", version, "-D", "-")).Output);

        Assert.StartsWith("body", rest, StringComparison.Ordinal);
        Assert.Contains("x-sum: forty-two", rest, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("trailer: x-sum\r\n", head, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task InterimResponses_ReachCurl()
    {
        await using var backend = RawBackend.Answering(
            "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n"
            + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody");
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);

        var curl = await FetchAsync(program, "/", "--http1.1", "-v");

        Assert.Equal("body", curl.Output);
        Assert.Contains("< HTTP/1.1 103 Early Hints", curl.Errors, StringComparison.Ordinal);
        Assert.Contains("< Link: </a.css>; rel=preload", curl.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OfferToSwitchToHttp2_IsNotPassedOn()
    {
        await using var backend = RawBackend.Answering("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody");
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);

        Assert.Equal("body", (await FetchAsync(program, "/", "--http2")).Output);

        var head = Assert.Single(backend.Heads);
        Assert.DoesNotContain("Upgrade", head, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("HTTP2-Settings", head, StringComparison.OrdinalIgnoreCase);
    }

    // Without HTTP/2: curl 7.88 cannot use a connection with prior knowledge twice, whatever it talks to.
    [Fact]
    public async Task TwoHundredPagesAtOnce_AllArrive()
    {
        await using var backend = await TestBackend.StartAsync(c => c.Response.WriteAsync($"{c.Request.Path}\n"));
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);

        var curl = await FetchAsync(program, "/[1-200]", "--http1.1", "--parallel", "--parallel-max", "50");

        Assert.Equal(
            Enumerable.Range(1, 200).Select(i => $"/{i}").Order(StringComparer.Ordinal),
            curl.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
    }

    private static async Task<Tool> FetchAsync(RunningProgram program, string path, params string[] arguments)
    {
        var curl = await Tool.RunAsync(
            "curl", ["-sS", "-m", "30", .. arguments, program.Url.ToString().TrimEnd('/') + path]);
        Assert.True(curl.ExitCode == 0, $"curl ended with {curl.ExitCode}: {curl.Errors}");
        return curl;
    }

    private static (string Head, string Body) Split(string output)
    {
        var parts = output.Split("\r\n\r\n", 2);
        return (parts[0] + "\r\n", parts[1]);
    }
}
