using System.Globalization;
using System.Text.Json;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys;

/// <summary>A trace goes through the balancer and tells what it has done; without tracing it goes through
/// untouched.</summary>
public sealed class TracingJourney
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string Parent = "00f067aa0ba902b7";
    private const string Sent = $"traceparent: 00-{Trace}-{Parent}-01\r\n";

    [Fact]
    public async Task Off_FieldsOfATrace_ArePassedOnAsTheyCame()
    {
        await using var backend = RawBackend.Answering("HTTP/1.1 204 No Content\r\n\r\n");
        await using var program = await BalanceAsync(backend.Url);
        await using var client = await RawConnection.OpenAsync(program.Url);
        const string Lines = "TraceParent:  00-XYZ \r\ntraceState: a=1,b=2\r\nTRACEPARENT: again\r\n";

        await client.SendAsync($"GET / HTTP/1.1\r\nHost: h\r\n{Lines}\r\n");
        await client.ReadHeadAsync();

        Assert.Contains("\r\nTraceParent: 00-XYZ\r\ntraceState: a=1,b=2\r\nTRACEPARENT: again\r\n",
            Assert.Single(backend.Heads), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TraceOfATrustedProxy_GoesOn_AndTheSpanTellsWhatHappened()
    {
        await using var collector = await Collector.StartAsync();
        var head = "";
        await using var backend = await TestBackend.StartAsync(c =>
        {
            head = $"{c.Request.Headers.TraceParent}|{c.Request.Headers.TraceState}";
            c.Response.StatusCode = 404;
            return Task.CompletedTask;
        });
        var dead = FailoverJourney.DeadUrl();
        await using var program = await BalanceAsync(
            dead, "--backend", backend.Url, "--set", "trustedProxies.0=127.0.0.1", "--set", "tracing.enabled=true",
            "--set", $"tracing.otlp={collector.Url}", "--set", "tracing.sample=0");
        await using var client = await RawConnection.OpenAsync(program.Url);
        var before = DateTime.UtcNow;

        // A field that Connection names ends here, and still the backend is told the trace.
        await client.SendAsync($"POST /a/b?c=d HTTP/1.1\r\nHost: site.test:8443\r\nUser-Agent: t/1\r\n{Sent}"
            + "tracestate: a=1\r\nX-Forwarded-For: 203.0.113.7\r\nX-Request-Id: r-1\r\n"
            + "Connection: traceparent\r\nContent-Length: 0\r\n\r\n");
        await client.ReadHeadAsync();
        await Eventually.True(() => collector.Spans.Count == 1, "the span", () => program.Errors);

        var span = collector.Spans[0];
        var spanId = span.GetProperty("spanId").GetString()!;
        Assert.Matches("^[0-9a-f]{16}$", spanId);
        Assert.Equal($"00-{Trace}-{spanId}-01|a=1", head);
        Assert.Equal((Trace, Parent, "a=1", "POST", 2), (Text(span, "traceId"), Text(span, "parentSpanId"),
            Text(span, "traceState"), Text(span, "name"), span.GetProperty("kind").GetInt32()));
        Assert.InRange(Time(span, "startTimeUnixNano"), before, Time(span, "endTimeUnixNano"));
        Assert.InRange(Time(span, "endTimeUnixNano"), before, DateTime.UtcNow);
        Assert.False(span.TryGetProperty("status", out _)); // 404 is for the client to mend
        foreach (var (key, value) in new[]
        {
            ("http.request.method", "POST"), ("url.path", "/a/b"), ("url.query", "c=d"), ("url.scheme", "http"),
            ("server.address", "site.test"), ("server.port", "8443"), ("client.address", "203.0.113.7"),
            ("network.peer.address", "127.0.0.1"), ("network.protocol.version", "1.1"),
            ("user_agent.original", "t/1"), ("http.response.status_code", "404"), ("minilb.pool", "default"),
            ("minilb.backend", backend.Url), ("minilb.ended", "done"), ("minilb.request_id", "r-1"),
            ("minilb.attempts", $"{dead} connectFailed, {backend.Url} done"),
        })
        {
            Assert.Equal((key, value), (key, Collector.Attribute(span, key)));
        }

        await Eventually.True(() => program.Output.Contains('\n', StringComparison.Ordinal), "the line");
        Assert.Contains($"\"traceId\":\"{Trace}\"", program.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TraceOfAnybodyElse_EndsHere_AndTheSampleDecidesOverTheNewOne()
    {
        await using var collector = await Collector.StartAsync();
        var parents = new List<string>();
        await using var backend = await TestBackend.StartAsync(c =>
        {
            parents.Add($"{c.Request.Headers.TraceParent}|{c.Request.Headers.TraceState}");
            c.Response.StatusCode = 500;
            return Task.CompletedTask;
        });
        foreach (var (sample, flag) in new[] { ("1", "01"), ("0", "00") })
        {
            await using var program = await BalanceAsync(
                backend.Url, "--set", "tracing.enabled=true", "--set", $"tracing.otlp={collector.Url}",
                "--set", $"tracing.sample={sample}");
            await using var client = await RawConnection.OpenAsync(program.Url);
            await client.SendAsync($"GET / HTTP/1.1\r\nHost: h\r\n{Sent}tracestate: a=1\r\n\r\n");
            await client.ReadHeadAsync();
            Assert.Equal(0, await program.StopAsync()); // which sends what there is

            Assert.Matches($"^00-[0-9a-f]{{32}}-[0-9a-f]{{16}}-{flag}\\|$", parents[^1]);
            Assert.DoesNotContain(Trace, parents[^1], StringComparison.Ordinal);
            Assert.Contains($"\"traceId\":\"{parents[^1][3..35]}\"", program.Output, StringComparison.Ordinal);
        }

        var span = Assert.Single(collector.Spans);
        Assert.Equal((parents[0][3..35], parents[0][36..52]), (Text(span, "traceId"), Text(span, "spanId")));
        Assert.False(span.TryGetProperty("parentSpanId", out _));
        Assert.Equal(2, span.GetProperty("status").GetProperty("code").GetInt32());
        Assert.Equal("500", Collector.Attribute(span, "error.type"));
    }

    [Fact]
    public async Task TwoRequestsOfOneConnection_AreTwoTraces()
    {
        await using var collector = await Collector.StartAsync();
        await using var backend = await TestBackend.StartAsync();
        await using var program = await BalanceAsync(
            backend.Url, "--set", "trustedProxies.0=127.0.0.1", "--set", "tracing.enabled=true",
            "--set", $"tracing.otlp={collector.Url}", "--set", "tracing.sample=1");
        await using var client = await RawConnection.OpenAsync(program.Url);
        foreach (var fields in new[] { Sent, "" })
        {
            await client.SendAsync($"GET / HTTP/1.1\r\nHost: h\r\n{fields}\r\n");
            await client.ReadThroughAsync("0\r\n\r\n");
        }

        Assert.Equal(0, await program.StopAsync());

        Assert.Equal(2, collector.Spans.Count);
        Assert.Equal(Trace, Text(collector.Spans[0], "traceId"));
        Assert.NotEqual(Trace, Text(collector.Spans[1], "traceId"));
    }

    [Fact]
    public async Task CollectorThatIsAway_CostsNoRequest_AndWhatIsLostIsSaid()
    {
        await using var backend = await TestBackend.StartAsync();
        await using var program = await BalanceAsync(
            backend.Url, "--set", "tracing.enabled=true", "--set", $"tracing.otlp={FailoverJourney.DeadUrl()}",
            "--set", "tracing.sample=1");
        using var client = new HttpClient();

        for (var i = 0; i < 100; i++)
        {
            Assert.Equal("hello", await client.GetStringAsync(program.Url));
        }

        Assert.Equal(0, await program.StopAsync());
        Assert.Contains("(100 in total): http://127.0.0.1:", program.Errors, StringComparison.Ordinal);
    }

    private static Task<RunningProgram> BalanceAsync(string backend, params string[] arguments) =>
        RunningProgram.BalanceAsync([
            "--backend", backend, "--set", "pools.default.healthCheck.enabled=false", .. arguments]);

    private static string? Text(JsonElement span, string name) => span.GetProperty(name).GetString();

    private static DateTime Time(JsonElement span, string name) => DateTime.UnixEpoch.AddTicks(
        long.Parse(Text(span, name)!, CultureInfo.InvariantCulture) / TimeSpan.NanosecondsPerTick);
}
