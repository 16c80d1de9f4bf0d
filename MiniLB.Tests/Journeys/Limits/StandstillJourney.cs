using Microsoft.AspNetCore.Http;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Limits;

/// <summary>A process that stood still, as on a machine that was suspended, blames neither its backends nor its
/// clients.</summary>
public sealed class StandstillJourney
{
    // Half as long again as the time that probes and the head of a client have, and more.
    private static readonly TimeSpan Standstill = TimeSpan.FromSeconds(8);

    [Fact]
    public async Task Backend_IsNotDown_AndClientIsServed_AfterTheProcessGoesOn()
    {
        var probes = 0;
        await using var backend = await TestBackend.StartAsync(
            async context =>
            {
                // Always one under way, and answered well within its timeout.
                Interlocked.Increment(ref probes);
                await Task.Delay(TimeSpan.FromMilliseconds(200));
                await context.Response.WriteAsync("hello");
            },
            scriptsProbes: true);
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", backend.Url, "--set", "timeouts.read=4s",
            "--set", "pools.default.healthCheck.interval=10ms", "--set", "pools.default.healthCheck.timeout=4s",
            "--set", "pools.default.healthCheck.fall=1");
        await using var client = await RawConnection.OpenAsync(program.Url);
        await client.SendAsync("GET / HTTP/1.1\r\n");
        var seen = Volatile.Read(ref probes);
        await Eventually.True(() => Volatile.Read(ref probes) > seen, "a probe is under way");

        program.Signal("STOP");
        await client.SendAsync("Host: a\r\n\r\n");
        await Task.Delay(Standstill); // what is tested is that time
        program.Signal("CONT");

        Assert.StartsWith("HTTP/1.1 200 OK\r\n", await client.ReadThroughAsync("\r\n"), StringComparison.Ordinal);
        seen = Volatile.Read(ref probes);
        await Eventually.True(() => Volatile.Read(ref probes) > seen + 3, "probes go on");
        Assert.DoesNotContain("is down", program.Errors, StringComparison.Ordinal);
    }
}
