using System.Globalization;
using System.Text.Json;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys;

/// <summary>The admin address obeys whoever reaches it on purpose, and nobody who makes a browser or a broken client
/// send something there.</summary>
public sealed class AdminCommandJourney(AdminCommandJourney.Rig rig) : IClassFixture<AdminCommandJourney.Rig>
{
    private const string Json = "Content-Type: application/json|";
    private const string Drain = "POST /backends/default/127.0.0.1:1/drain";
    private const string Weight = "PUT /backends/default/127.0.0.1:1/weight";

    [Theory]
    [InlineData(Drain, Json + "Host: rebound.example", "", 403, "host-not-served")]
    [InlineData(Drain, Json + "Host: localhost|Origin: http://evil.example", "", 403, "origin-not-allowed")]
    [InlineData(Drain, Json + "Host: localhost|Origin: null", "", 403, "origin-not-allowed")]
    [InlineData(Drain, Json + "Host: localhost|Origin: http://localhost|Origin: http://evil.test", "", 403,
        "origin-not-allowed")]
    [InlineData(Drain, Json + "Host: localhost|Sec-Fetch-Site: cross-site", "", 403, "origin-not-allowed")]
    [InlineData(Drain, Json + "Host: localhost|Sec-Fetch-Site: none|sec-fetch-site: same-site", "", 403,
        "origin-not-allowed")]
    [InlineData(Drain, "Host: localhost", "", 415, "content-type-not-supported")]
    [InlineData(Drain, "Host: localhost|Content-Type: text/plain", "{}", 415, "content-type-not-supported")]
    [InlineData(Drain, Json + "Host: localhost|Content-Type: text/plain", "{}", 415, "content-type-not-supported")]
    [InlineData(Drain, Json + "Host: localhost", "{\"force\":true}", 400, "malformed-body")]
    [InlineData(Weight, Json + "Host: localhost", "", 400, "malformed-body")]
    [InlineData(Weight, Json + "Host: localhost", "{\"weight\":0}", 400, "malformed-body")]
    [InlineData(Weight, Json + "Host: localhost", "{\"weight\":", 400, "malformed-body")]
    [InlineData("POST /backends/default/127.0.0.1:2/drain", Json + "Host: localhost", "", 404, "not-found")]
    [InlineData("POST /backends/nobody/127.0.0.1:1/drain", Json + "Host: localhost", "", 404, "not-found")]
    [InlineData("POST /backends/default/..%2Fdrain/drain", Json + "Host: localhost", "", 404, "not-found")]
    [InlineData("POST /backends/default/127.0.0.1:1/explode", Json + "Host: localhost", "", 404, "not-found")]
    [InlineData("GET /backends/default/127.0.0.1:1/drain", "Host: localhost", "", 405, "method-not-allowed")]
    [InlineData("PUT /backends/default/127.0.0.1:1/drain", Json + "Host: localhost", "", 405, "method-not-allowed")]
    [InlineData("POST /backends/default/127.0.0.1:1/weight", Json + "Host: localhost", "3", 405, "method-not-allowed")]
    [InlineData("DELETE /backends/default/127.0.0.1:1", "Host: localhost", "", 405, "method-not-allowed")]
    public async Task WrongCommand_IsRefusedChangesNothingAndLeavesTheConnection(
        string line, string fields, string body, int status, string type)
    {
        await using var client = await RawConnection.OpenAsync(rig.Program.AdminUrl);

        await client.SendAsync(Request(line, fields, body));
        var (head, text) = await client.ReadResponseAsync();

        Assert.StartsWith($"HTTP/1.1 {status} ", head, StringComparison.Ordinal);
        Assert.Contains("Content-Type: application/problem+json\r\n", head, StringComparison.Ordinal);
        using var problem = JsonDocument.Parse(text);
        Assert.Equal("urn:minilb:problem:" + type, problem.RootElement.GetProperty("type").GetString());
        await AssertUnchangedAsync(client);
    }

    [Theory]
    [InlineData("GET /backends/default/x/weight", "PUT")]
    [InlineData("GET /backends/default/x/enable", "POST")]
    [InlineData("POST /backends", "GET, HEAD")]
    public async Task WrongMethod_IsToldTheRightOne(string line, string allow)
    {
        await using var client = await RawConnection.OpenAsync(rig.Program.AdminUrl);

        await client.SendAsync(Request(line, Json + "Host: localhost", ""));

        Assert.Contains($"\r\nAllow: {allow}\r\n", await client.ReadHeadAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Content-Length: 4097", "")] // its announcement is enough
    [InlineData("Content-Length: 9999999999", "")]
    [InlineData("Transfer-Encoding: chunked", "1001\r\n")]
    public async Task HugeBody_IsRefusedBeforeItsEnd(string framing, string begin)
    {
        await using var client = await RawConnection.OpenAsync(rig.Program.AdminUrl);

        await client.SendAsync(
            $"{Weight} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{framing}\r\n\r\n{begin}"
            + new string(' ', begin.Length == 0 ? 0 : 4097));
        var head = await client.ReadHeadAsync();

        Assert.StartsWith("HTTP/1.1 413 ", head, StringComparison.Ordinal);
        Assert.Contains("Connection: close\r\n", head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BodyThatNeverComes_IsAnsweredAfterTheReadTimeout()
    {
        await using var client = await RawConnection.OpenAsync(rig.Program.AdminUrl);

        await client.SendAsync(Request(Weight, Json + "Host: localhost|Content-Length: 5", ""));

        Assert.StartsWith("HTTP/1.1 408 ", await client.ReadHeadAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task BodyThatIsMalformed_IsRefused()
    {
        await using var client = await RawConnection.OpenAsync(rig.Program.AdminUrl);

        await client.SendAsync(Request(Weight, Json + "Host: localhost|Transfer-Encoding: chunked", "") + "zz\r\n");

        Assert.StartsWith("HTTP/1.1 400 ", await client.ReadHeadAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExpectedContinue_IsSaid()
    {
        await using var client = await RawConnection.OpenAsync(rig.Program.AdminUrl);

        await client.SendAsync(
            Request(Weight, Json + "Host: localhost|Expect: 100-continue|Content-Length: 1", ""));
        Assert.StartsWith("HTTP/1.1 100 ", await client.ReadHeadAsync(), StringComparison.Ordinal);
        await client.SendAsync("1");

        Assert.StartsWith("HTTP/1.1 200 ", (await client.ReadResponseAsync()).Head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PipelinedCommands_AreDoneInTheirOrder()
    {
        await using var program = await RunningProgram.BalanceAsync("--backend", "http://127.0.0.1:1");
        await using var client = await RawConnection.OpenAsync(program.AdminUrl);
        var chunked = Request(Weight, Json + "Host: localhost|Transfer-Encoding: chunked", "") + "1\r\n7\r\n0\r\n\r\n";

        await client.SendAsync(
            Request(Drain, Json + "Host: localhost|Origin: http://localhost", "{}")
            + chunked
            + Request("POST /backends/default/http%3A%2F%2F127.0.0.1%3A1/disable", Json + "Host: localhost", "")
            + Request(Weight, Json + "Host: localhost|Sec-Fetch-Site: same-origin", "{\"weight\":9}")
            + Request("GET /backends", "Host: localhost", ""));

        foreach (var seen in new[] { ("draining", 1), ("draining", 7), ("disabled", 7), ("disabled", 9) })
        {
            var (head, body) = await client.ReadResponseAsync();
            Assert.StartsWith("HTTP/1.1 200 ", head, StringComparison.Ordinal);
            Assert.Equal(seen, Seen(body));
        }

        Assert.Contains(
            "{\"pools\":[{\"pool\":\"default\",\"waiting\":0,\"backends\":[{\"pool\":\"default\"",
            (await client.ReadResponseAsync()).Body, StringComparison.Ordinal);
    }

    private static string Request(string line, string fields, string body)
    {
        var length = fields.Contains("Content-Length", StringComparison.Ordinal)
            || fields.Contains("Transfer-Encoding", StringComparison.Ordinal)
                ? ""
                : string.Create(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n");
        return $"{line} HTTP/1.1\r\n{fields.Replace("|", "\r\n", StringComparison.Ordinal)}\r\n{length}\r\n{body}";
    }

    private static async Task AssertUnchangedAsync(RawConnection client)
    {
        await client.SendAsync("GET /backends/default/127.0.0.1:1 HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Assert.Equal(("enabled", 1), Seen((await client.ReadResponseAsync()).Body));
    }

    private static (string Mode, int Weight) Seen(string body)
    {
        using var document = JsonDocument.Parse(body);
        return (document.RootElement.GetProperty("mode").GetString()!,
            document.RootElement.GetProperty("weight").GetInt32());
    }

    /// <summary>An instance with one backend that does not exist.</summary>
    public sealed class Rig : IAsyncLifetime
    {
        internal RunningProgram Program { get; private set; } = null!;

        public async Task InitializeAsync() => Program = await RunningProgram.BalanceAsync(
            "--backend", "http://127.0.0.1:1", "--set", "timeouts.read=1s");

        public async Task DisposeAsync() => await Program.DisposeAsync();
    }
}
