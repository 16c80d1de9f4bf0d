using System.Net;
using Microsoft.AspNetCore.Http;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys;

/// <summary>Live traffic takes a backend out that fails its requests, and no client pays for it more than
/// once.</summary>
public sealed class EjectionJourney
{
    [Fact]
    public async Task BackendThatAnswers503_IsLeftAloneAfterFiveInARow_AndComesBackWhenItsTimeIsOver()
    {
        var isSick = true;
        await using var sick = await TestBackend.StartAsync(context =>
        {
            context.Response.StatusCode = Volatile.Read(ref isSick) ? 503 : 200;
            return Task.CompletedTask;
        });
        await using var well = await TestBackend.StartAsync();
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", sick.Url, "--backend", well.Url, "--set", "pools.default.ejection.baseTime=1s",
            "--set", "pools.default.healthCheck.fastInterval=100ms");
        using var client = new HttpClient();

        var statuses = await AskAsync(client, program.Url, 40);

        Assert.Equal(5, statuses.Count(s => s == HttpStatusCode.ServiceUnavailable));
        Assert.Equal(5, sick.Requests);
        await program.SaysAsync($"backend {sick.Url} is ejected for 1 s: 5 failures in a row, the last one 503");
        Assert.Contains("\"alive\":1", await client.GetStringAsync(new Uri(program.Url, "/health")),
            StringComparison.Ordinal);

        Volatile.Write(ref isSick, false);
        await program.SaysAsync($"backend {sick.Url} is back in rotation");
        Assert.All(await AskAsync(client, program.Url, 10), s => Assert.Equal(HttpStatusCode.OK, s));
        Assert.Equal(10, sick.Requests);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task BackendThatDiesAndIsBackAtOnce_ReturnsLongBeforeItsTime_AndNoGetFails(bool probes)
    {
        await using var dying = await TestBackend.StartAsync();
        await using var well = await TestBackend.StartAsync();
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", dying.Url, "--backend", well.Url, "--set", "pools.default.ejection.baseTime=5m",
            "--set", $"pools.default.healthCheck.enabled={(probes ? "true" : "false")}",
            "--set", "pools.default.healthCheck.fastInterval=100ms");
        using var client = new HttpClient();
        await AskAsync(client, program.Url, 10);

        await dying.KillAsync();
        Assert.All(await AskAsync(client, program.Url, 30), s => Assert.Equal(HttpStatusCode.OK, s));
        await program.SaysAsync($"backend {dying.Url} is ejected for 300 s");
        await dying.StartAgainAsync();
        await program.SaysAsync($"backend {dying.Url} is back in rotation");

        var before = dying.Requests;
        Assert.All(await AskAsync(client, program.Url, 10), s => Assert.Equal(HttpStatusCode.OK, s));
        Assert.Equal(before + 5, dying.Requests);
    }

    [Fact]
    public async Task LastBackend_IsNeverEjected()
    {
        await using var sick = await TestBackend.StartAsync(context =>
        {
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        });
        await using var program = await RunningProgram.BalanceAsync("--backend", sick.Url);
        using var client = new HttpClient();

        await AskAsync(client, program.Url, 50);

        Assert.Equal(50, sick.Requests);
        Assert.DoesNotContain("is ejected", program.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenCircuit_AnswersAtOnce_AndIsTriedWithAFewRequests()
    {
        var isSick = true;
        await using var backend = await TestBackend.StartAsync(context =>
        {
            context.Response.StatusCode = Volatile.Read(ref isSick) ? 500 : 200;
            return Task.CompletedTask;
        });
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", backend.Url, "--set", "pools.default.circuitBreaker.enabled=true",
            "--set", "pools.default.circuitBreaker.minRequests=10", "--set", "pools.default.circuitBreaker.openFor=1s",
            "--set", "pools.default.circuitBreaker.trials=2");
        using var client = new HttpClient();

        var statuses = await AskAsync(client, program.Url, 30);

        Assert.Equal(10, backend.Requests);
        Assert.Equal(20, statuses.Count(s => s == HttpStatusCode.ServiceUnavailable));
        await program.SaysAsync($"backend {backend.Url}: its circuit is open for 1 s");
        Volatile.Write(ref isSick, false);
        await program.SaysAsync("its circuit is tried with a few requests");
        Assert.All(await AskAsync(client, program.Url, 10), s => Assert.Equal(HttpStatusCode.OK, s));
        await program.SaysAsync($"backend {backend.Url}: its circuit is closed again");
    }

    [Fact]
    public async Task Backup_IsUsedOnlyWhileNoOtherIsThere()
    {
        await using var primary = await TestBackend.StartAsync("primary");
        await using var backup = await TestBackend.StartAsync("backup");
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", primary.Url, "--backend", $"{backup.Url},backup",
            "--set", "pools.default.healthCheck.downInterval=100ms", "--set", "pools.default.healthCheck.rise=1");
        using var client = new HttpClient();
        await AskAsync(client, program.Url, 20);
        Assert.Equal(0, backup.Requests);

        await primary.KillAsync();
        Assert.All(await AskAsync(client, program.Url, 20), s => Assert.Equal(HttpStatusCode.OK, s));
        Assert.Equal(20, backup.Requests);

        await primary.StartAgainAsync();
        await Eventually.True(
            async () => await client.GetStringAsync(program.Url) == "primary", "the primary", () => program.Errors);
    }

    private static async Task<List<HttpStatusCode>> AskAsync(HttpClient client, Uri url, int times)
    {
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < times; i++)
        {
            using var response = await client.GetAsync(url);
            statuses.Add(response.StatusCode);
        }

        return statuses;
    }
}
