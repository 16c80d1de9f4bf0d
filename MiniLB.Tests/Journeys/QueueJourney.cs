using System.Net;
using Microsoft.AspNetCore.Http;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys;

/// <summary>A backend is given as many requests at once as it may have; the others wait in line, and not for
/// ever.</summary>
public sealed class QueueJourney
{
    [Fact]
    public async Task MaxInFlight_IsNeverExceeded_AndAllAreServed()
    {
        var (now, most) = (0, 0);
        await using var backend = await TestBackend.StartAsync(async context =>
        {
            InterlockedMax(ref most, Interlocked.Increment(ref now));
            await Task.Yield();
            await context.Response.WriteAsync("hello");
            Interlocked.Decrement(ref now);
        });
        await using var program = await RunningProgram.BalanceAsync("--backend", $"{backend.Url},maxInFlight=4");
        using var client = new HttpClient();

        await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 50; i++)
            {
                Assert.Equal("hello", await client.GetStringAsync(program.Url));
            }
        })));

        Assert.Equal(1600, backend.Requests);
        // A request ends at the backend a moment after the balancer has its answer.
        Assert.InRange(most, 1, 8);
    }

    [Fact]
    public async Task MoreThanMayWait_AreRefusedAtOnce_AndTheOthersAreServed()
    {
        using var gate = new SemaphoreSlim(0);
        await using var backend = await TestBackend.StartAsync(_ => gate.WaitAsync());
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", $"{backend.Url},maxInFlight=1", "--set", "pools.default.queue.size=3",
            "--set", "pools.default.queue.timeout=1m");
        using var client = new HttpClient();

        var asked = Enumerable.Range(0, 10).Select(_ => client.GetAsync(program.Url)).ToArray();
        await Eventually.True(() => asked.Count(t => t.IsCompleted) == 6, "six refusals");

        foreach (var refused in asked.Where(t => t.IsCompleted).ToArray())
        {
            var response = await refused;
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(1), response.Headers.RetryAfter!.Delta);
            Assert.Contains("queue-full", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        gate.Release(4);
        var statuses = (await Task.WhenAll(asked)).Select(r => r.StatusCode).ToArray();
        Assert.Equal(4, statuses.Count(s => s == HttpStatusCode.OK));
        Assert.Equal(4, backend.Requests);
    }

    [Fact]
    public async Task WhoWaitsTooLong_IsTold()
    {
        using var gate = new SemaphoreSlim(0);
        await using var backend = await TestBackend.StartAsync(_ => gate.WaitAsync());
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", $"{backend.Url},maxInFlight=1", "--set", "pools.default.queue.timeout=300ms");
        using var client = new HttpClient();
        var first = client.GetAsync(program.Url);
        await Eventually.True(() => backend.Requests == 1, "the first request");

        using var late = await client.GetAsync(program.Url);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, late.StatusCode);
        Assert.Contains("queue-timeout", await late.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        gate.Release(1);
        Assert.Equal(HttpStatusCode.OK, (await first).StatusCode);
        Assert.Equal(1, backend.Requests);
    }

    [Fact]
    public async Task WhoLeaves_GivesItsPlaceUp_AndNeverReachesABackend()
    {
        using var gate = new SemaphoreSlim(0);
        await using var backend = await TestBackend.StartAsync(_ => gate.WaitAsync());
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", $"{backend.Url},maxInFlight=1", "--set", "pools.default.queue.size=1",
            "--set", "pools.default.queue.timeout=1m");
        using var client = new HttpClient();
        var first = client.GetAsync(program.Url);
        await Eventually.True(() => backend.Requests == 1, "the first request");

        var leaving = await RawConnection.OpenAsync(program.Url);
        await leaving.SendAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        await leaving.DisposeAsync();
        await Eventually.True(
            () => program.Output.Contains("\"ended\":\"clientGone\"", StringComparison.Ordinal), "its end in the log");

        var second = client.GetAsync(program.Url);
        gate.Release(2);
        Assert.Equal(HttpStatusCode.OK, (await first).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await second).StatusCode);
        Assert.Equal(2, backend.Requests);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); value > seen;)
        {
            seen = Interlocked.CompareExchange(ref target, value, seen);
        }
    }
}
