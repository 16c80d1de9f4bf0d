using Microsoft.AspNetCore.Http;
using MiniLB.Tests.Journeys.Harness;
using MiniLB.Tests.Journeys.Http2.Backends;

namespace MiniLB.Tests.Journeys;

/// <summary>The operator's rules change the fields of requests and answers, once each, in every pairing of
/// versions.</summary>
public sealed class HeaderRulesJourney
{
    private const string Ok = "HTTP/1.1 200 OK\r\nServer: odd\r\nX-Frame-Options: ALLOW\r\nContent-Length: 2\r\n\r\nok";

    private const string Rules = """
        {
          "request": {
            "set": { "X-Env": "prod", "Host": "site.example:8080" },
            "add": { "X-Tag": "ours" },
            "remove": ["X-Internal", "cookie"],
          },
          "response": {
            "set": { "X-Frame-Options": "DENY" },
            "add": { "Set-Cookie": "lb=1" },
            "remove": ["server"],
          },
        }
        """;

    private static readonly string[] BySet =
    [
        "--set", "headers.request.set.X-Env=prod", "--set", "headers.request.add.X-Tag=ours",
        "--set", "headers.response.set.X-Frame-Options=DENY",
    ];

    [Theory]
    [InlineData("1.1", "1.1")]
    [InlineData("2.0", "1.1")]
    [InlineData("1.1", "2")]
    [InlineData("2.0", "2")]
    public async Task Fields_AreChangedBothWays(string version, string http)
    {
        await using var older = await TestBackend.StartAsync(EchoAsync);
        await using var newer = await KestrelBackend.StartAsync(EchoAsync);
        using var folder = new TemporaryFolder();
        await using var program = await BalanceAsync(folder, http == "2" ? newer.Url : older.Url, http);
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, program.Url)
        {
            Version = Version.Parse(version), VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Headers = { { "X-Env", "mine" }, { "X-Tag", "mine" }, { "X-Internal", "6" }, { "Cookie", "6" } },
        };

        using var response = await client.SendAsync(request);

        Assert.Equal(
            "host [site.example:8080] env [prod] tag [mine,ours] internal [] cookie [] was [127.0.0.1]",
            (await response.Content.ReadAsStringAsync()).Replace(", ", ",", StringComparison.Ordinal));
        Assert.Equal(["DENY"], response.Headers.GetValues("X-Frame-Options"));
        Assert.Equal(["a=1", "lb=1"], response.Headers.GetValues("Set-Cookie"));
        Assert.Empty(response.Headers.Server);
        Assert.Equal(Version.Parse(version), response.Version);
    }

    [Fact]
    public async Task NeitherSide_StripsByItsConnectionFieldWhatARuleAdds()
    {
        await using var backend = RawBackend.Answering(Ok.Replace(
            "Server", "Connection: X-Frame-Options, Set-Cookie\r\nServer", StringComparison.Ordinal));
        using var folder = new TemporaryFolder();
        await using var program = await BalanceAsync(folder, backend.Url, "1.1");
        await using var client = await RawConnection.OpenAsync(program.Url);

        await client.SendAsync(
            "GET / HTTP/1.1\r\nHost: h\r\nConnection: x-env, X-Tag, Host\r\nX-Env: mine\r\nX-Tag: mine\r\n\r\n");
        var (head, _) = await client.ReadResponseAsync();

        Assert.Equal(["X-Frame-Options: DENY", "Set-Cookie: lb=1"], Lines(head, "X-Frame", "Set-Cookie", "Server"));
        Assert.Equal(["X-Env: prod", "X-Tag: ours", "Host: site.example:8080"],
            Lines(Assert.Single(backend.Heads), "X-Env", "X-Tag", "Host"));
        Assert.Contains("\r\nX-Forwarded-Host: h\r\n", backend.Heads.Single(), StringComparison.Ordinal);
    }

    // The first one takes the request and hangs up: the second gets the same head, not one that was changed twice.
    [Fact]
    public async Task Rules_AreAppliedOnceHoweverManyBackendsAreTried()
    {
        await using var broken = new RawBackend((connection, _) => connection.DisposeAsync().AsTask());
        await using var sound = RawBackend.Answering(Ok);
        await using var program = await RunningProgram.BalanceAsync([
            "--backend", broken.Url, "--backend", sound.Url, "--set", "pools.default.healthCheck.enabled=false",
            .. BySet,
        ]);
        await using var client = await RawConnection.OpenAsync(program.Url);

        for (var i = 0; i < 2; i++)
        {
            await client.SendAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            var (head, _) = await client.ReadResponseAsync();
            Assert.Equal(["X-Frame-Options: DENY"], Lines(head, "X-Frame"));
        }

        Assert.NotEmpty(broken.Heads);
        Assert.All(broken.Heads.Concat(sound.Heads),
            head => Assert.Equal(["X-Env: prod", "X-Tag: ours"], Lines(head, "X-Env", "X-Tag")));
    }

    [Fact]
    public async Task SwitchOfProtocols_IsChanged_AndAnInterimAnswerIsNot()
    {
        await using var backend = new RawBackend((connection, head) => connection.SendAsync(
            head.StartsWith("GET /hints", StringComparison.Ordinal)
                ? "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + Ok
                : "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n"));
        await using var program = await RunningProgram.BalanceAsync(["--backend", backend.Url, .. BySet]);
        await using var client = await RawConnection.OpenAsync(program.Url);

        await client.SendAsync("GET /hints HTTP/1.1\r\nHost: h\r\n\r\n");
        Assert.Equal("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", await client.ReadHeadAsync());
        Assert.Equal(["X-Frame-Options: DENY"], Lines((await client.ReadResponseAsync()).Head, "X-Frame"));

        await client.SendAsync("GET / HTTP/1.1\r\nHost: h\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n");
        var switched = await client.ReadHeadAsync();
        Assert.StartsWith("HTTP/1.1 101 ", switched, StringComparison.Ordinal);
        Assert.Equal(["Connection: Upgrade", "Upgrade: x", "X-Frame-Options: DENY"],
            Lines(switched, "X-Frame", "Connection", "Upgrade").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task AnswersOfOurOwn_AreNotChanged()
    {
        await using var broken = new RawBackend((connection, _) => connection.DisposeAsync().AsTask());
        await using var program = await RunningProgram.BalanceAsync(["--backend", broken.Url, .. BySet]);
        await using var client = await RawConnection.OpenAsync(program.Url);

        await client.SendAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        var (head, _) = await client.ReadResponseAsync();

        Assert.StartsWith("HTTP/1.1 502 ", head, StringComparison.Ordinal);
        Assert.Empty(Lines(head, "X-Frame"));
    }

    [Fact]
    public async Task AccessLog_TellsWhatTheClientSent()
    {
        await using var backend = RawBackend.Answering(Ok);
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", backend.Url, "--set", "accessLog.format=combined",
            "--set", "headers.request.set.User-Agent=ours");
        await using var client = await RawConnection.OpenAsync(program.Url);

        await client.SendAsync("GET / HTTP/1.1\r\nHost: h\r\nUser-Agent: theirs\r\n\r\n");
        await client.ReadResponseAsync();

        Assert.Equal(["User-Agent: ours"], Lines(Assert.Single(backend.Heads), "User-Agent"));
        await Eventually.True(
            () => program.Output.Contains("\"theirs\"", StringComparison.Ordinal), "a line", () => program.Output);
        Assert.DoesNotContain("ours", program.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("headers.request.set.Upgrade=x", "headers.request.set.Upgrade: 'Upgrade' is not a header name")]
    [InlineData("headers.request.remove.0=via", "headers.request.remove[0]: 'via' is not a header name")]
    [InlineData("headers.response.add.Date=5", "headers.response.add.Date: 'Date' is not a header name")]
    public async Task RuleThatWouldBreakTheMessage_IsRefusedAtTheStart(string rule, string error)
    {
        await using var program = await RunningProgram.RunAsync(
            "check", "--backend", "http://127.0.0.1:1", "--set", rule);

        Assert.Equal(2, program.ExitCode);
        Assert.Contains(error, program.Errors, StringComparison.Ordinal);
    }

    private static Task<RunningProgram> BalanceAsync(TemporaryFolder folder, string backend, string http)
    {
        var file = folder.Write("minilb.json", "{ \"headers\": " + Rules + " }");
        return RunningProgram.BalanceAsync(
            "--config", file, "--backend", backend, "--set", $"pools.default.http={http}");
    }

    private static Task EchoAsync(HttpContext context)
    {
        var fields = context.Request.Headers;
        context.Response.Headers.Server = "odd";
        context.Response.Headers.SetCookie = "a=1";
        context.Response.Headers.XFrameOptions = "ALLOW";
        return context.Response.WriteAsync(
            $"host [{fields.Host}] env [{fields["X-Env"]}] tag [{fields["X-Tag"]}] internal [{fields["X-Internal"]}] "
            + $"cookie [{fields.Cookie}] was [{fields["X-Forwarded-Host"].ToString().Split(':')[0]}]");
    }

    private static string[] Lines(string head, params string[] names) => [.. head.Split("\r\n")
        .Where(l => names.Any(n => l.StartsWith(n, StringComparison.OrdinalIgnoreCase)))];
}
