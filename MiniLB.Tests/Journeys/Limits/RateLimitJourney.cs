using System.Net;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Limits;

/// <summary>Who makes more requests than it may is told so and when to come back; nobody else notices.</summary>
public sealed class RateLimitJourney
{
    private const string TwoAnHour = "\"enabled\": true, \"rate\": \"1/h\", \"burst\": 2";

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task OneTooMany_Is429WithTheFieldsOfTheDraft_AndDoesNotReachTheBackend(string version)
    {
        await using var limited = await LimitedProgram.StartAsync($"\"rateLimit\": {{ {TwoAnHour} }}");
        using var client = LimitedProgram.Client(version);

        using var first = await client.GetAsync(limited.Program.Url);
        using var second = await client.GetAsync(limited.Program.Url);
        using var third = await client.GetAsync(limited.Program.Url);

        Assert.Equal(
            (HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests),
            (first.StatusCode, second.StatusCode, third.StatusCode));
        Assert.All([first, second, third], answer => Assert.Equal(
            "\"default\";q=2;w=7200", Assert.Single(answer.Headers.GetValues("RateLimit-Policy"))));
        Assert.StartsWith("\"default\";r=1;t=", Field(first), StringComparison.Ordinal);
        Assert.StartsWith("\"default\";r=0;t=", Field(second), StringComparison.Ordinal);
        var wait = (int)third.Headers.RetryAfter!.Delta!.Value.TotalSeconds;
        Assert.InRange(wait, 3000, 3600);
        Assert.Equal($"\"default\";r=0;t={wait}", Field(third));
        Assert.Equal("application/problem+json", third.Content.Headers.ContentType!.MediaType);
        Assert.Contains(
            "\"urn:minilb:problem:rate-limited\"", await third.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(2, limited.Backend.Requests);
        await limited.HasRefusedAsync("rate_limit=1");
    }

    [Fact]
    public async Task RetryAfter_IsTrue()
    {
        await using var limited = await LimitedProgram.StartAsync(
            "\"rateLimit\": {\"enabled\": true, \"rate\": \"1/s\", \"burst\": 1}");
        using var client = new HttpClient();
        TimeSpan? wait = null;
        await Eventually.True(
            async () =>
            {
                using var answer = await client.GetAsync(limited.Program.Url);
                wait = answer.Headers.RetryAfter?.Delta;
                return wait is not null;
            }, "a request that is refused");

        await Task.Delay(wait!.Value);

        using var after = await client.GetAsync(limited.Program.Url);
        Assert.Equal((1, HttpStatusCode.OK), (wait.Value.TotalSeconds, after.StatusCode));
    }

    [Fact]
    public async Task WhatMiniLbAnswersItself_IsLimitedToo_ButForTheStatus()
    {
        await using var limited = await LimitedProgram.StartAsync($"\"rateLimit\": {{ {TwoAnHour} }}");

        string[] status =
        [
            await OptionsAsync(limited), await OptionsAsync(limited), await OptionsAsync(limited),
            await limited.AskAsync("/health"), await limited.AskAsync("/health?x"),
        ];

        Assert.Equal(["204", "204", "429", "200", "200"], status);
    }

    [Fact]
    public async Task DryRun_RefusesAndTellsNothing_ButCountsAndLogs()
    {
        await using var limited = await LimitedProgram.StartAsync(
            $"\"rateLimit\": {{ {TwoAnHour}, \"dryRun\": true }}, \"log\": {{\"level\": \"debug\"}}");

        for (var i = 0; i < 5; i++)
        {
            Assert.Equal("200", await limited.AskAsync("/" + i));
        }

        await Eventually.True(
            async () => await limited.MetricAsync("minilb_rate_limit_dry_run_total") == 3, "three that were counted");
        await limited.HasRefusedAsync("");
        await limited.Program.SaysAsync("127.0.0.1: GET /4 is over the rate limit default, which only counts");
    }

    [Fact]
    public async Task Route_LimitsItsOwnRequests_BesideTheLimitForAll()
    {
        await using var limited = await LimitedProgram.StartAsync("""
            "rateLimit": {"enabled": true, "rate": "1/h", "burst": 4},
            "routes": [
              {"path": "/login", "rateLimit": {"enabled": true, "key": "route", "rate": "2/h", "burst": 1} },
              {"path": "/*"}]
            """);
        const string policy = "RateLimit-Policy: \"default\";q=4;w=14400";
        const string both = policy + ", \"route\";q=1;w=1800 ";

        Assert.Equal(
            $"200 {both}RateLimit: \"default\";r=3;t=3600, \"route\";r=0;t=1800", await limited.AskAsync("/login"));
        Assert.StartsWith(
            $"429 {both}RateLimit: \"default\";r=2;t=", await limited.AskAsync("/login"), StringComparison.Ordinal);
        Assert.StartsWith(
            $"200 {policy} RateLimit: \"default\";r=1;t=", await limited.AskAsync("/"), StringComparison.Ordinal);
        Assert.StartsWith($"200 {policy}", await limited.AskAsync("/"), StringComparison.Ordinal);
        Assert.StartsWith($"429 {policy} RateLimit", await limited.AskAsync("/login"), StringComparison.Ordinal);
        await limited.HasRefusedAsync("rate_limit=2");
    }

    [Fact]
    public async Task Header_IsTheKey_AndTheClientWhereItIsMissing()
    {
        await using var limited = await LimitedProgram.StartAsync(
            $"\"rateLimit\": {{ {TwoAnHour}, \"key\": \"header:X-Api-Key\" }}");

        Assert.Equal("200 200 429", await StatusesAsync(limited, "X-Api-Key: a"));
        Assert.Equal("200 200 429", await StatusesAsync(limited, "x-api-key: b"));
        Assert.Equal("200 200 429", await StatusesAsync(limited, "X-Other: a"));
        Assert.Equal("429 429 429", await StatusesAsync(limited, "X-Api-Key:"));
    }

    [Fact]
    public async Task ClientIp_IsTheOneBehindTrustedProxies_IPv6ByItsFirst64Bits()
    {
        await using var limited = await LimitedProgram.StartAsync(
            $"\"rateLimit\": {{ {TwoAnHour} }}, \"trustedProxies\": [\"127.0.0.1\"]");

        Assert.Equal("200 200 429", await StatusesAsync(limited, "X-Forwarded-For: 203.0.113.7"));
        Assert.Equal("200 200 429", await StatusesAsync(limited, "X-Forwarded-For: 203.0.113.8"));
        Assert.Equal("200 200 429", await StatusesAsync(limited, "X-Forwarded-For: 2001:db8::1"));
        Assert.Equal("429 429 429", await StatusesAsync(limited, "X-Forwarded-For: 2001:db8::2"));
        Assert.Equal("200 200 429", await StatusesAsync(limited, "X-Forwarded-For: 2001:db8:0:1::1"));
        await limited.HasRefusedAsync("rate_limit=7");
    }

    [Fact]
    public async Task Reload_LeavesWhatALimitKnows_UnlessItChangesTheLimit()
    {
        await using var limited = await LimitedProgram.StartAsync($"\"rateLimit\": {{ {TwoAnHour} }}");
        Assert.Equal("200 200 429", await StatusesAsync(limited));

        await limited.ReloadAsync($"\"rateLimit\": {{ {TwoAnHour} }}, \"timeouts\": {{\"idle\": \"61s\"}}");
        Assert.Equal("429 429 429", await StatusesAsync(limited));
        await limited.ReloadAsync($"\"rateLimit\": {{ {TwoAnHour}, \"dryRun\": true }}");
        Assert.Equal("200 200 200", await StatusesAsync(limited));
        await limited.ReloadAsync($"\"rateLimit\": {{ {TwoAnHour} }}");
        Assert.Equal("429 429 429", await StatusesAsync(limited));
        await limited.ReloadAsync("\"rateLimit\": {\"enabled\": true, \"rate\": \"1/h\", \"burst\": 1}");
        Assert.Equal("200 429 429", await StatusesAsync(limited));
        await limited.ReloadAsync("\"rateLimit\": {\"enabled\": false}");
        Assert.Equal("200 200 200", await StatusesAsync(limited));
    }

    private static string Field(HttpResponseMessage answer) => Assert.Single(answer.Headers.GetValues("RateLimit"));

    private static async Task<string> StatusesAsync(LimitedProgram limited, params string[] lines)
    {
        var statuses = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            statuses.Add((await limited.AskAsync("/", lines))[..3]);
        }

        return string.Join(' ', statuses);
    }

    private static async Task<string> OptionsAsync(LimitedProgram limited)
    {
        await using var client = await RawConnection.OpenAsync(limited.Program.Url);
        await client.SendAsync("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n");
        return (await client.ReadHeadAsync()).Split(' ')[1];
    }
}
