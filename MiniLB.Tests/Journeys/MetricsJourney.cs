using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using MiniLB.Admin.Stats;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys;

/// <summary>What is counted is what happened, and Prometheus takes it.</summary>
public sealed class MetricsJourney
{
    private const string Pool = "pool=\"default\"";

    [Fact]
    public async Task Counters_AfterKnownTraffic_AreExact()
    {
        await using var one = await TestBackend.StartAsync("12345");
        await using var two = await TestBackend.StartAsync("12345");
        await using var program = await RunningProgram.BalanceAsync("--backend", one.Url, "--backend", two.Url);
        using var client = new HttpClient();
        for (var i = 0; i < 20; i++)
        {
            await client.GetStringAsync(program.Url);
        }

        using var body = new StringContent("123");
        using var posted = await client.PostAsync(program.Url, body);
        using var strange = new HttpRequestMessage(new HttpMethod("PURGE"), program.Url);
        using var purged = await client.SendAsync(strange);
        using var status = await client.GetAsync(new Uri(program.Url, "/health"));

        var stats = await WaitAsync(client, program, s => s.Requests == 23);
        var text = await client.GetStringAsync(new Uri(program.AdminUrl, "/metrics"));

        AssertLine(text, $"minilb_requests_total{{{Pool},code=\"2xx\",method=\"GET\"}} 20");
        AssertLine(text, $"minilb_requests_total{{{Pool},code=\"2xx\",method=\"POST\"}} 1");
        AssertLine(text, $"minilb_requests_total{{{Pool},code=\"2xx\",method=\"other\"}} 1");
        AssertLine(text, "minilb_requests_total{pool=\"\",code=\"2xx\",method=\"GET\"} 1");
        AssertLine(text, $"minilb_request_body_bytes_total{{{Pool}}} 3");
        AssertLine(text, $"minilb_response_body_bytes_total{{{Pool}}} 110");
        AssertLine(text, $"minilb_request_duration_seconds_count{{{Pool}}} 22");
        AssertLine(text, $"minilb_backend_requests_total{{{Pool},backend=\"{one.Url}\",code=\"2xx\"}} 11");
        AssertLine(text, $"minilb_backend_requests_total{{{Pool},backend=\"{two.Url}\",code=\"2xx\"}} 11");
        AssertLine(text, $"minilb_backend_state{{{Pool},backend=\"{two.Url}\",state=\"up\"}} 1");
        var own = status.Content.Headers.ContentLength!.Value;
        Assert.Equal((0L, 0L, 110 + own), (stats.Failures, stats.Retries, stats.BytesOut));
        var pool = Assert.Single(stats.Pools);
        Assert.Equal((22L, 0L), (pool.Requests, pool.Failures));
        Assert.All(pool.Backends, b => Assert.Equal((11L, 0.5, "up"), (b.Requests, b.Share, b.State)));
        Assert.True(pool.Latency.P50 > 0);
        Assert.True(stats.Ready);
    }

    [Fact]
    public async Task KilledBackend_ShowsFailuresRetriesAFlipAndAReason()
    {
        await using var dying = await TestBackend.StartAsync();
        await using var well = await TestBackend.StartAsync();
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", dying.Url, "--backend", well.Url, "--set", "pools.default.ejection.failures=3",
            // It is the requests that are to find it dead.
            "--set", "pools.default.healthCheck.interval=1h");
        using var client = new HttpClient();

        await dying.KillAsync();
        for (var i = 0; i < 10; i++)
        {
            await client.GetStringAsync(program.Url);
        }

        var stats = await WaitAsync(
            client, program, s => s.Requests == 10 && s.Pools[0].Backends[0].State is "ejected" or "down");
        var (dead, other) = (stats.Pools[0].Backends[0], stats.Pools[0].Backends[1]);
        Assert.Equal((0L, stats.Retries), (stats.Failures, dead.Failures));
        Assert.InRange(dead.Failures, 1, 3);
        Assert.Equal((dead.Failures, 10L), (dead.Requests, other.Requests));
        Assert.Equal((stats.Retries, 0.0), (other.Retries, dead.Share));
        Assert.NotNull(dead.Reason);
        Assert.Equal((int)dead.Failures, dead.Errors.Count);
        Assert.All(dead.Errors, e => Assert.Equal(("connectFailed", "GET", "/"), (e.Reason, e.Method, e.Target)));
        // The first one that is not up: both came up at the start.
        var flip = stats.Flips.First(f => !f.Up);
        Assert.Equal(("default", dying.Url), (flip.Pool, flip.Url));
        Assert.NotNull(flip.Reason);
        Assert.Equal(2, stats.Flips.Count(f => f.Up));
        var text = await client.GetStringAsync(new Uri(program.AdminUrl, "/metrics"));
        AssertLine(text, string.Create(CultureInfo.InvariantCulture,
            $"minilb_backend_failures_total{{{Pool},backend=\"{dying.Url}\",reason=\"connectFailed\"}} {dead.Failures}"));
        AssertLine(text, string.Create(CultureInfo.InvariantCulture,
            $"minilb_retries_total{{{Pool}}} {stats.Retries}"));
        AssertLine(text, $"minilb_backend_available{{{Pool},backend=\"{dying.Url}\"}} 0");
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/openmetrics-text; version=1.0.0")]
    public async Task Promtool_HasNothingToSay(string accept)
    {
        await using var backend = await TestBackend.StartAsync();
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", backend.Url, "--backend", FailoverJourney.DeadUrl());
        using var client = new HttpClient();
        await client.GetStringAsync(program.Url);
        using var ask = new HttpRequestMessage(HttpMethod.Get, new Uri(program.AdminUrl, "/metrics"));
        ask.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(accept));
        using var answer = await client.SendAsync(ask);

        Assert.Equal(accept.Split(';')[0], answer.Content.Headers.ContentType!.MediaType);
        var text = await answer.Content.ReadAsStringAsync();
        if (accept == "text/plain")
        {
            var (code, said) = await CheckAsync(text);
            Assert.True(code == 0 && said.Length == 0, $"promtool ends with {code}: {said}");
        }
        else
        {
            // promtool reads the older format only; Prometheus itself is asked below.
            Assert.EndsWith("# EOF\n", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Prometheus_ScrapesIt_AndAnswersQueries()
    {
        await using var backend = await TestBackend.StartAsync();
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);
        using var client = new HttpClient();
        for (var i = 0; i < 7; i++)
        {
            await client.GetStringAsync(program.Url);
        }

        await using var prometheus = await PrometheusServer.StartAsync(program.AdminUrl.Authority);

        await Eventually.True(
            async () => await prometheus.AskAsync("minilb_requests_total{job=\"minilb\",method=\"GET\"}") == "7",
            "seven requests in Prometheus", () => prometheus.Log);
        Assert.Equal("7", await prometheus.AskAsync("minilb_request_duration_seconds_bucket{le=\"+Inf\"}"));
        Assert.Equal("1", await prometheus.AskAsync("minilb_backend_up"));
        Assert.Equal("1", await prometheus.AskAsync("up{job=\"minilb\"}"));
    }

    private static async Task<StatsDocument> WaitAsync(
        HttpClient client, RunningProgram program, Func<StatsDocument, bool> condition)
    {
        StatsDocument? last = null;
        await Eventually.True(
            async () => condition(last = (await client.GetFromJsonAsync(
                new Uri(program.AdminUrl, "/stats"), StatsJson.Default.StatsDocument))!),
            "the counters", () => JsonSerializer.Serialize(last, StatsJson.Default.StatsDocument!));
        return last!;
    }

    private static void AssertLine(string text, string line) =>
        Assert.True(text.Split('\n').Contains(line), $"no line '{line}' in\n{text}");

    private static async Task<(int Code, string Said)> CheckAsync(string text)
    {
        using var promtool = Process.Start(new ProcessStartInfo("promtool", ["check", "metrics"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var said = Task.WhenAll(promtool.StandardOutput.ReadToEndAsync(), promtool.StandardError.ReadToEndAsync());
        await promtool.StandardInput.WriteAsync(text);
        promtool.StandardInput.Close();
        var all = string.Concat(await said);
        await promtool.WaitForExitAsync();
        return (promtool.ExitCode, all);
    }
}
