namespace MiniLB.Tests.Journeys.Routes;

/// <summary>The first route that matches a request decides which pool serves it, and what that is sent.</summary>
public sealed class RoutesJourney
{
    [Fact]
    public async Task Hosts_HaveTheirPools()
    {
        await using var routed = await RoutedProgram.StartAsync(
            """{"host": "api.example.com", "pool": "a"}, {"host": "*.example.com", "pool": "b"}""");

        Assert.Equal("200 a GET /", await routed.AskAsync("GET /", "Host: API.example.com:8080"));
        Assert.Equal("200 a GET /", await routed.AskAsync("GET http://api.example.com", "Host: api.example.com"));
        Assert.Equal("200 b GET /", await routed.AskAsync("GET /", "Host: www.example.com."));
        Assert.Equal("200 b GET /", await routed.AskAsync("GET /", "Host: x.y.example.com"));
        Assert.Equal("404 no-route", await routed.AskAsync("GET /", "Host: example.com"));
        Assert.Equal("404 no-route", await routed.AskAsync("GET /", "Host: api.example.com.evil.test"));
    }

    [Fact]
    public async Task Conditions_AllHoldAndTheFirstMatchWins()
    {
        await using var routed = await RoutedProgram.StartAsync("""
            {"path": "/v1/*", "headers": {"X-Canary": "1"}, "pool": "c"},
            {"path": "/v1/*", "methods": ["POST"], "pool": "b"},
            {"path": "/v1/*"}
            """);

        Assert.Equal("200 a GET /v1", await routed.AskAsync("GET /v1"));
        Assert.Equal("200 a GET /v1/x?y", await routed.AskAsync("GET /v1/x?y"));
        Assert.Equal("200 b POST /v1/x", await routed.AskAsync("POST /v1/x", "Content-Length: 0"));
        Assert.Equal(
            "200 c POST /v1/x", await routed.AskAsync("POST /v1/x", "x-canary: 0", "x-canary: 1", "Content-Length: 0"));
        Assert.Equal("404 no-route", await routed.AskAsync("GET /v12"));
        Assert.Equal("200 ", (await routed.AskAsync("GET /health"))[..4]);
    }

    [Fact]
    public async Task OneConnection_IsServedByWhicheverPoolEachRequestAsksFor()
    {
        await using var routed = await RoutedProgram.StartAsync(
            """{"path": "/a/*", "stripPrefix": "/a", "pool": "a"}, {"pool": "b"}""");
        await using var client = await Harness.RawConnection.OpenAsync(routed.Program.Url);

        await client.SendAsync(string.Concat(
            "GET /a/1 HTTP/1.1\r\nHost: h\r\n\r\n", "GET /2 HTTP/1.1\r\nHost: h\r\n\r\n",
            "GET /.. HTTP/1.1\r\nHost: h\r\n\r\n", "GET /a HTTP/1.1\r\nHost: h\r\n\r\n"));

        Assert.Equal("a GET /1", (await client.ReadResponseAsync()).Body);
        Assert.Equal("b GET /2", (await client.ReadResponseAsync()).Body);
        Assert.StartsWith("HTTP/1.1 400 ", (await client.ReadResponseAsync()).Head, StringComparison.Ordinal);
        Assert.Equal("a GET /", (await client.ReadResponseAsync()).Body);
    }

    [Fact]
    public async Task Split_SharesRequestsByWeight()
    {
        await using var routed = await RoutedProgram.StartAsync("""{"split": {"a": 90, "b": 10, "c": 0}}""");

        var answers = new List<string>();
        for (var i = 0; i < 40; i++)
        {
            answers.Add(await routed.AskAsync("GET /"));
        }

        Assert.Equal(
            (36, 4), (answers.Count(a => a == "200 a GET /"), answers.Count(a => a == "200 b GET /")));
    }

    [Fact]
    public async Task MatchedPath_IsTheNormalisedOne_AndTheTargetIsForwardedAsSent()
    {
        await using var routed = await RoutedProgram.StartAsync(
            """{"path": "/v1/*", "pool": "a"}, {"path": "/*", "pool": "b"}""");

        Assert.Equal("200 a GET /v%31/%7ex", await routed.AskAsync("GET /v%31/%7ex"));
        Assert.Equal("200 a GET //v1", await routed.AskAsync("GET //v1"));
        Assert.Equal("200 b GET /v1/%2e./x", await routed.AskAsync("GET /v1/%2e./x"));
        Assert.Equal("200 b GET /v1%2e/", await routed.AskAsync("GET /v1%2e/"));
        foreach (var target in (string[])["/v1%2Fx", "/x%5cy", "/v1/../..", "/x\\y", "/v1/..;/x", "/x%"])
        {
            Assert.Equal("400 ambiguous-path", await routed.AskAsync($"GET {target}"));
        }

        Assert.Equal("200 a GET /v1?next=%2F..", await routed.AskAsync("GET /v1?next=%2F.."));
    }

    [Fact]
    public async Task RoutesWithoutPaths_LeaveEveryPathToTheBackends()
    {
        await using var routed = await RoutedProgram.StartAsync("""{"host": "h", "pool": "b"}""");

        Assert.Equal("200 b GET /a%2Fb/../..", await routed.AskAsync("GET /a%2Fb/../.."));
    }

    [Fact]
    public async Task Prefixes_AreStrippedAndAdded()
    {
        await using var routed = await RoutedProgram.StartAsync("""
            {"path": "/v1/*", "stripPrefix": "/v1", "pool": "a"},
            {"path": "/v2/*", "stripPrefix": "/v2", "addPrefix": "/new", "pool": "b"}, {"addPrefix": "/base"}
            """);

        Assert.Equal("200 a GET /", await routed.AskAsync("GET /v1"));
        Assert.Equal("200 a GET /?q=/v1", await routed.AskAsync("GET /v1?q=/v1"));
        Assert.Equal("200 a GET /%41/x%20y", await routed.AskAsync("GET /v1/%41/x%20y"));
        Assert.Equal("200 a GET /A", await routed.AskAsync("GET /%761/%41"));
        Assert.Equal("200 b GET /new/x?y", await routed.AskAsync("GET /v2/x?y"));
        Assert.Equal("200 a GET /base/x", await routed.AskAsync("GET /x"));
        Assert.Equal("400 ambiguous-path", await routed.AskAsync("GET /../x"));
    }

    [Fact]
    public async Task Redirect_AnswersWithTheNewTarget()
    {
        await using var routed = await RoutedProgram.StartAsync("""
            {"path": "/old/*", "stripPrefix": "/old", "redirect": "/new{path}{query}"},
            {"host": "a.test", "redirect": {"to": "https://{host}{path}{query}", "status": 302}}
            """);

        var (head, body) = await routed.RespondAsync("POST /old/x%20?y=1", "Content-Length: 2\r\n\r\nab");
        Assert.StartsWith("HTTP/1.1 308 Permanent Redirect\r\n", head, StringComparison.Ordinal);
        Assert.Contains("\r\nLocation: /new/x%20?y=1\r\n", head, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("", body);
        (head, _) = await routed.RespondAsync("GET /?q", "Host: a.test:8080");
        Assert.StartsWith("HTTP/1.1 302 Found\r\n", head, StringComparison.Ordinal);
        Assert.Contains("\r\nLocation: https://a.test/?q\r\n", head, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(routed.HeadsOf("a"));
    }

    [Fact]
    public async Task RedirectToTheHostAskedFor_NeedsOne()
    {
        await using var routed = await RoutedProgram.StartAsync("""{"redirect": "https://{host}{path}"}""");
        await using var client = await Harness.RawConnection.OpenAsync(routed.Program.Url);

        await client.SendAsync("GET / HTTP/1.0\r\n\r\n");

        Assert.Contains("host-missing", await client.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trace_IsServedOnlyWhereMethodsNameIt()
    {
        await using var routed = await RoutedProgram.StartAsync(
            """{"path": "/debug/*", "methods": ["TRACE"], "pool": "b"}, {"path": "/*"}""");

        Assert.Equal("200 b TRACE /debug", await routed.AskAsync("TRACE /debug", "Max-Forwards: 5"));
        Assert.Contains("\r\nMax-Forwards: 4\r\n", routed.HeadsOf("b").Single(), StringComparison.Ordinal);
        Assert.Equal("405 method-not-allowed", await routed.AskAsync("TRACE /debug", "Max-Forwards: 0"));
        Assert.Equal("405 method-not-allowed", await routed.AskAsync("TRACE /other"));
        Assert.Equal("405 method-not-allowed", await routed.AskAsync("CONNECT h:80"));
        Assert.Equal("204 ", await routed.AskAsync("OPTIONS *"));
    }

    [Fact]
    public async Task AccessLog_TellsThePoolAndTheTargetAsSent()
    {
        await using var routed = await RoutedProgram.StartAsync(
            """{"path": "/v1/*", "stripPrefix": "/v1", "pool": "b"}""");

        await routed.AskAsync("GET /v1/x");
        await routed.AskAsync("GET /none");

        await Harness.Eventually.True(
            () => routed.Program.Output.Contains("\"/none\"", StringComparison.Ordinal), "the log of both");
        var lines = routed.Program.Output.Split('\n');
        Assert.Contains(lines, l => l.Contains("\"target\":\"/v1/x\"", StringComparison.Ordinal)
            && l.Contains("\"pool\":\"b\"", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.Contains("\"target\":\"/none\"", StringComparison.Ordinal)
            && l.Contains("\"status\":404", StringComparison.Ordinal));
    }
}
