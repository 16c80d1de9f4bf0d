using System.Text.RegularExpressions;
using MiniLB.Tests.Journeys.Harness;
using MiniLB.Tests.Journeys.Http2.Backends;
using MiniLB.Tests.Journeys.Http2.Wire;

namespace MiniLB.Tests.Journeys.Http2;

/// <summary>HTTP/1.1 and prior-knowledge HTTP/2 share each port, and what is neither is refused.</summary>
public sealed class SharedPortJourney(BalancedBackend balanced) : IClassFixture<BalancedBackend>
{
    private const string Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static readonly string Settings = System.Text.Encoding.Latin1.GetString(Frame.Settings().ToBytes());

    [Fact]
    public async Task Http11_BesideHttp2OnOnePort_IsServed()
    {
        await using var newer = await H2Connection.OpenAsync(balanced.Program.Url);
        await using var older = await RawConnection.OpenAsync(balanced.Program.Url);
        for (var i = 0; i < 3; i++)
        {
            await newer.SendAsync(Frame.Headers((2 * i) + 1, Fields.Get("/r")));
            await older.SendAsync("GET /r HTTP/1.1\r\nHost: h\r\n\r\n");

            Assert.Equal("ok", (await newer.AnswerAsync((2 * i) + 1)).Text);
            Assert.Equal("ok", (await older.ReadResponseAsync()).Body);
        }
    }

    [Fact]
    public async Task Request_IsToldAsHttp2ToTheBackendAndTheLog()
    {
        balanced.Backend.Forget();
        await using var client = await H2Connection.OpenAsync(balanced.Program.Url);
        await client.SendAsync(Frame.Headers(1, Fields.Get("/told")));
        await client.AnswerAsync(1);

        var via = Assert.Single(Assert.Single(balanced.Backend.Requests).Values("Via"));
        Assert.StartsWith("2", via, StringComparison.Ordinal);
        await Eventually.True(
            () => balanced.Program.Output.Split('\n').Any(l => l.Contains("\"/told\"", StringComparison.Ordinal)
                && l.Contains("\"protocol\":\"HTTP/2\"", StringComparison.Ordinal)),
            "the line in the access log", () => balanced.Program.Output);
    }

    [Fact]
    public async Task Preface_InSingleBytes_IsTaken()
    {
        await using var client = await H2Connection.ConnectAsync(balanced.Program.Url);
        foreach (var one in Frame.Preface[..^1])
        {
            await client.SendBytesAsync([one]);
            await Task.Yield();
        }

        // At once: with the last byte the settings of the other side come, and are acknowledged by whoever reads.
        await client.SendBytesAsync([Frame.Preface[^1], .. Frame.Settings().ToBytes()]);
        await client.SendAsync(Frame.Headers(1, Fields.Get("/r")));
        Assert.Equal("ok", (await client.AnswerAsync(1)).Text);
    }

    [Theory]
    [InlineData("PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\rX")]
    [InlineData("PRI * HTTP/2.0\r\n\r\n\r\n\r\n\r\n")]
    [InlineData("PRI * HTTP/2.0\nHost: h\r\n\r\nSM\r\n\r\n")]
    [InlineData("PRI * HTTP/2.0\r\nHost: h\r\n\r\nSM\r\n\r\n")]
    [InlineData("PRI * HTTP/2.1\r\n\r\nSM\r\n\r\n")]
    [InlineData("PRI / HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    [InlineData("pri * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    [InlineData(" PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    [InlineData("PRI * HTTP/1.1\r\nHost: h\r\n\r\n")]
    public async Task PrefaceThatIsWrong_IsRefused(string preface)
    {
        balanced.Backend.Forget();
        await using var client = await RawConnection.OpenAsync(balanced.Program.Url);

        await client.SendAsync(preface + Settings + "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n");

        await AssertRefusedAsync(client);
        await balanced.FenceAsync();
        Assert.Empty(balanced.Backend.Requests);
    }

    [Fact]
    public async Task PrefaceAfterARequestOfHttp11_IsRefused()
    {
        balanced.Backend.Forget();
        await using var client = await RawConnection.OpenAsync(balanced.Program.Url);
        await client.SendAsync("GET /r HTTP/1.1\r\nHost: h\r\n\r\n");
        Assert.Equal("ok", (await client.ReadResponseAsync()).Body);

        await client.SendAsync(Preface + Settings + "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n");

        await AssertRefusedAsync(client);
        await balanced.FenceAsync();
        Assert.Single(balanced.Backend.Requests);
    }

    [Fact]
    public async Task UpgradeToH2c_IsServedPlainly()
    {
        balanced.Backend.Forget();
        await using var client = await RawConnection.OpenAsync(balanced.Program.Url);
        await client.SendAsync("GET /r HTTP/1.1\r\nHost: h\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
            + "HTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n");

        var answer = await client.ReadResponseAsync();

        Assert.StartsWith("HTTP/1.1 200 ", answer.Head, StringComparison.Ordinal);
        var request = Assert.Single(balanced.Backend.Requests);
        Assert.All(["Upgrade", "HTTP2-Settings", "Connection"], name => Assert.Empty(request.Values(name)));
    }

    [Fact]
    public async Task Http2TurnedOff_RefusesThePrefaceAndServesHttp11()
    {
        using var folder = new TemporaryFolder();
        await using var backend = new RecordingBackend();
        var file = folder.Write("minilb.json", $$"""
            { "listeners": [{ "address": "127.0.0.1:0", "http2": false }], "admin": { "address": "127.0.0.1:0" },
              "pools": { "web": { "backends": ["{{backend.Url}}"] } } }
            """);
        await using var program = RunningProgram.Start("--config", file);
        await program.WaitUntilServingAsync();
        await using var newer = await RawConnection.OpenAsync(program.Url);
        await using var older = await RawConnection.OpenAsync(program.Url);

        await newer.SendAsync(Preface + Settings);
        await older.SendAsync("GET /r HTTP/1.1\r\nHost: h\r\n\r\n");

        await AssertRefusedAsync(newer);
        Assert.Equal("ok", (await older.ReadResponseAsync()).Body);
        Assert.Single(backend.Requests);
    }

    // By a status where it was read as HTTP/1.1, by a GOAWAY, or by nothing but the end.
    private static async Task AssertRefusedAsync(RawConnection client)
    {
        var answer = await client.ReadToEndAsync();
        if (answer.StartsWith("HTTP/", StringComparison.Ordinal))
        {
            Assert.Matches("^HTTP/1.1 (400|405|505) ", answer);
            Assert.Single(Regex.Matches(answer, "HTTP/1.1 [0-9]{3} "));
        }

        Assert.DoesNotContain("HTTP/1.1 200", answer, StringComparison.Ordinal);
    }
}
