using System.Net;
using System.Net.Http.Json;
using MiniLB.Admin.Stats;
using MiniLB.State;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys;

/// <summary>Whoever asks why requests failed is told what was tried, what was not, and why.</summary>
public sealed class FailuresJourney
{
    [Fact]
    public async Task FailedRequest_IsShownWithItsTriesAndWhatWasPassedOver()
    {
        var (dead, drained) = (FailoverJourney.DeadUrl(), FailoverJourney.DeadUrl());
        await using var program = await RunningProgram.BalanceAsync("--backend", dead, "--backend", drained);
        Assert.Equal((0, "no request has failed\n", ""), await AdminOf.RunAsync(program, "failures"));
        await AdminOf.DoAsync(program, "drain", $"default/{new Uri(drained).Authority}");
        using var client = new HttpClient();

        using var answer = await client.PostAsync(new Uri(program.Url, "/a?b=c"), null);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        var failure = Assert.Single(await FailuresAsync(client, program, 1));
        Assert.Equal(
            ("POST", "/a?b=c", "default", 503, "connectFailed", "127.0.0.1"),
            (failure.Method, failure.Target, failure.Pool, failure.Status, failure.Why, failure.Client));
        Assert.Equal("no backend was left to try", failure.Decision);
        Assert.Equal((dead, "connectFailed"), Assert.Single(failure.Tries) is var t ? (t.Backend, t.Outcome) : default);
        Assert.Equal(new PassedOver(drained, "draining"), Assert.Single(failure.PassedOver));
        var (code, output, _) = await AdminOf.RunAsync(program, "failures");
        Assert.Equal(0, code);
        Assert.Contains("503 connectFailed  POST /a?b=c\n", output, StringComparison.Ordinal);
        Assert.Contains($"    tried {dead}: connectFailed after ", output, StringComparison.Ordinal);
        Assert.Contains($"    passed over {drained}: draining\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PostThatTheBackendBroke_SaysThatItMustNotBeRepeated()
    {
        await using var breaking = await TestBackend.StartAsync(context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        await using var other = await TestBackend.StartAsync();
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", breaking.Url, "--backend", $"{other.Url},backup");
        using var client = new HttpClient();

        using var answer = await client.PostAsync(program.Url, null);

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        var failure = Assert.Single(await FailuresAsync(client, program, 1));
        Assert.Equal(
            ("backendClosed", "it may have been served, and its method must not be repeated"),
            (failure.Why, failure.Decision));
        Assert.Equal(new PassedOver(other.Url, "backup"), Assert.Single(failure.PassedOver));
    }

    [Fact]
    public async Task Failures_AreBounded_HoweverManyAndHoweverLong()
    {
        await using var program = await RunningProgram.BalanceAsync("--backend", FailoverJourney.DeadUrl());
        using var client = new HttpClient();
        var target = new Uri(program.Url, "/" + new string('x', 2_000));

        await Parallel.ForAsync(0, Statistics.MostFailures + 50, async (_, cancellation) =>
        {
            using var answer = await client.GetAsync(target, cancellation);
        });

        var failures = await FailuresAsync(client, program, Statistics.MostFailures);
        Assert.Equal(Statistics.MostFailures, failures.Count);
        Assert.All(failures, f => Assert.Equal(FailedRequest.MostTarget, f.Target.Length));
    }

    [Fact]
    public async Task ServedRequest_AndOneOfAClientThatIsToBlame_AreNoFailures()
    {
        await using var backend = await TestBackend.StartAsync();
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);
        using var client = new HttpClient();
        await client.GetStringAsync(program.Url);
        await using var raw = await RawConnection.OpenAsync(program.Url);
        await raw.SendAsync("GET / HTTP/1.1\r\nHost: a b\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 400 ", await raw.ReadHeadAsync(), StringComparison.Ordinal);

        await Eventually.True(
            async () => (await client.GetStringAsync(new Uri(program.AdminUrl, "/metrics"))).Contains(
                "minilb_request_failures_total{pool=\"\",reason=\"requestHeadInvalid\"} 1\n", StringComparison.Ordinal),
            "the malformed request");

        Assert.Empty(await FailuresAsync(client, program, 0));
    }

    private static async Task<IReadOnlyList<FailedRequest>> FailuresAsync(
        HttpClient client, RunningProgram program, int count)
    {
        IReadOnlyList<FailedRequest> last = [];
        await Eventually.True(
            async () => (last = (await client.GetFromJsonAsync(
                new Uri(program.AdminUrl, "/failures"), FailuresJson.Default.FailuresDocument))!.Failures).Count >= count,
            $"{count} failures");
        return last;
    }
}
