using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using MiniLB.Tests.Journeys.Harness;
using Xunit.Abstractions;

namespace MiniLB.Tests.Journeys;

/// <summary>Every backend is killed and started again, one after the other, under load: with no strategy does a GET
/// fail
/// or a POST arrive twice.</summary>
public sealed class RollingRestartJourney(ITestOutputHelper output)
{
    [Theory]
    [InlineData("roundRobin")]
    [InlineData("leastConnections")]
    [InlineData("ipHash")]
    [InlineData("consistentHash", "pools.default.hash.key=header:X-Forwarded-For")]
    [InlineData("random")]
    [InlineData("powerOfTwo")]
    [InlineData("peakEwma")]
    public async Task EveryBackend_IsKilledAndComesBack_NoGetFailsAndNoPostArrivesTwice(
        string strategy, string setting = "log.format=text")
    {
        var arrived = new ConcurrentDictionary<string, int>();
        await using var a = await StartAsync(arrived);
        await using var b = await StartAsync(arrived);
        await using var c = await StartAsync(arrived);
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", a.Url, "--backend", b.Url, "--backend", c.Url, "--strategy", strategy, "--set", setting,
            "--set", "accessLog.format=off", "--set", "trustedProxies.0=127.0.0.1/32",
            "--set", "pools.default.healthCheck.interval=500ms",
            "--set", "pools.default.healthCheck.downInterval=100ms",
            "--set", "pools.default.healthCheck.fastInterval=100ms");
        await using var load = new MixedLoad(program.Url);

        foreach (var backend in new[] { a, b, c })
        {
            await load.GoesOnAsync(500);
            await backend.KillAsync();
            await load.GoesOnAsync(500);
            var before = backend.Requests;
            await backend.StartAgainAsync();
            await Eventually.True(() => backend.Requests > before + 100, "traffic at the backend again",
                () => $"{program.Errors}\n{string.Join('\n', load.Failures)}");
        }

        await load.StopAsync();
        output.WriteLine($"{strategy}: {load.Gets} GETs, {load.Posts} POSTs, of which {load.FailedPosts} failed");
        Assert.Empty(load.Failures);
        Assert.DoesNotContain(arrived, p => p.Value > 1);
        Assert.InRange(load.Posts, 100, int.MaxValue);
    }

    [Fact]
    public async Task AllBackends_DieAndComeBack_TrafficIsRefusedAndThenServedAgain()
    {
        var arrived = new ConcurrentDictionary<string, int>();
        await using var a = await StartAsync(arrived);
        await using var b = await StartAsync(arrived);
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", a.Url, "--backend", b.Url, "--set", "accessLog.format=off",
            "--set", "pools.default.healthCheck.downInterval=100ms",
            "--set", "pools.default.healthCheck.fastInterval=100ms");
        await using var load = new MixedLoad(program.Url);
        await load.GoesOnAsync(500);

        await a.KillAsync();
        await b.KillAsync();
        await Eventually.True(() => load.Failures.Count > 100, "refusals");
        await program.SaysAsync("no backend is up");
        await a.StartAgainAsync();
        await b.StartAgainAsync();
        await load.GoesOnAsync(2000);
        var failures = load.Failures.Count;
        await load.GoesOnAsync(2000);
        await load.StopAsync();

        Assert.Equal(failures, load.Failures.Count);
        Assert.All(load.Failures, f => Assert.Matches("^(ServiceUnavailable|BadGateway)", f));
        Assert.DoesNotContain(arrived, p => p.Value > 1);
    }

    private static Task<TestBackend> StartAsync(ConcurrentDictionary<string, int> arrived) =>
        TestBackend.StartAsync(async context =>
        {
            if (context.Request.Method == HttpMethod.Post.Method)
            {
                arrived.AddOrUpdate(context.Request.QueryString.Value!, 1, (_, n) => n + 1);
            }

            await context.Response.WriteAsync("hello");
        });
}
