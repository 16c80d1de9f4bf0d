using System.Diagnostics;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Peers;

/// <summary>How long a tunnel lives, and what is left of it in the log.</summary>
public sealed class TunnelLifeJourney
{
    [Fact]
    public async Task SilentTunnel_IsCutAtItsIdleLimitAndABusyOneIsNot()
    {
        await using var backend = RawTunnel.Backend(RawTunnel.EchoAsync);
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", backend.Url, "--set", "pools.default.timeouts.tunnel=3s");
        await using var busy = await RawTunnel.OpenAsync(program.Url);
        await using var silent = await RawTunnel.OpenAsync(program.Url);
        Assert.Equal("hello", await RawTunnel.AskAsync(silent, "hello"));
        var watch = Stopwatch.StartNew();

        var cut = SinceAsync(watch, silent.ReadToEndAsync());
        while (!cut.IsCompleted && watch.Elapsed < TimeSpan.FromSeconds(20))
        {
            Assert.Equal("hello", await RawTunnel.AskAsync(busy, "hello"));
            await Task.Delay(100); // the pace of the busy one
        }

        Assert.InRange((await cut).TotalSeconds, 2.5, 15);
        Assert.Equal("still", await RawTunnel.AskAsync(busy, "still"));
        var line = Assert.Single(await AccessLines.WaitAsync(program, 1));
        Assert.Equal("tunnelTimeout", line.GetProperty("ended").GetString());
    }

    [Fact]
    public async Task WordsInOneDirection_KeepATunnelAlive()
    {
        await using var backend = RawTunnel.Backend(async connection =>
        {
            for (var i = 0; i < 25; i++)
            {
                await Task.Delay(100);
                await connection.SendAsync("tick\n");
            }
        });
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", backend.Url, "--set", "pools.default.timeouts.tunnel=1500ms");
        await using var client = await RawTunnel.OpenAsync(program.Url);

        for (var i = 0; i < 25; i++)
        {
            Assert.Equal("tick\n", await client.ReadThroughAsync("\n"));
        }
    }

    [Fact]
    public async Task TimeoutsOfRequests_DoNotCutATunnel()
    {
        await using var backend = RawTunnel.Backend(RawTunnel.EchoAsync);
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", backend.Url, "--set", "timeouts.read=300ms", "--set", "timeouts.idle=300ms",
            "--set", "timeouts.write=300ms", "--set", "pools.default.timeouts.idle=300ms",
            "--set", "pools.default.timeouts.responseHeaders=300ms");
        await using var client = await RawTunnel.OpenAsync(program.Url);

        var words = client.ReadThroughAsync("\n");
        var cut = await Task.WhenAny(words, Task.Delay(TimeSpan.FromSeconds(1.5))) == words;

        Assert.False(cut, "the tunnel ended");
        await client.SendAsync("hello\n");
        Assert.Equal("hello\n", await words);
    }

    [Fact]
    public async Task StopWithAnOpenTunnel_LetsItLiveUntilTheGraceEndsAndCutsItThen()
    {
        await using var backend = RawTunnel.Backend(RawTunnel.EchoAsync);
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", backend.Url, "--set", "shutdown.grace=2s");
        await using var client = await RawTunnel.OpenAsync(program.Url);
        var watch = Stopwatch.StartNew();

        program.Signal("TERM");
        await program.SaysAsync("stopping");
        Assert.Equal("still here", await RawTunnel.AskAsync(client, "still here"));
        Assert.Equal("", await client.ReadToEndAsync());

        Assert.InRange(watch.Elapsed.TotalSeconds, 1.5, 10);
        Assert.Equal(0, await program.WaitForEndAsync());
    }

    [Fact]
    public async Task StopWithAnOpenTunnel_EndsAsSoonAsTheTunnelDoes()
    {
        await using var backend = RawTunnel.Backend(RawTunnel.EchoAsync);
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);
        await using var client = await RawTunnel.OpenAsync(program.Url);
        var watch = Stopwatch.StartNew();

        program.Signal("TERM");
        await program.SaysAsync("stopping");
        Assert.Equal("bye", await RawTunnel.AskAsync(client, "bye"));
        await client.DisposeAsync();

        Assert.Equal(0, await program.WaitForEndAsync());
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 15); // the grace is 30 s
    }

    [Fact]
    public async Task Tunnel_LeavesOneLineWithItsBytesWhenItEnds()
    {
        await using var backend = RawTunnel.Backend(async connection =>
        {
            await connection.ReadAsync("hello".Length);
            await connection.SendAsync("welcome");
            await connection.ReadToEndAsync();
            await connection.DisposeAsync();
        });
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);
        var client = await RawTunnel.OpenAsync(program.Url);
        await client.SendAsync("hello");
        Assert.Equal("welcome", await client.ReadAsync("welcome".Length));
        Assert.Empty(AccessLines.Of(program));

        await client.DisposeAsync();

        var line = Assert.Single(await AccessLines.WaitAsync(program, 1));
        Assert.Equal(101, line.GetProperty("status").GetInt32());
        Assert.Equal("/tunnel", line.GetProperty("target").GetString());
        Assert.Equal(5, line.GetProperty("bytesIn").GetInt64());
        Assert.Equal(7, line.GetProperty("bytesOut").GetInt64());
        Assert.Equal(backend.Url, line.GetProperty("backend").GetString());
        Assert.Equal("done", line.GetProperty("ended").GetString());
    }

    private static async Task<TimeSpan> SinceAsync(Stopwatch watch, Task<string> end)
    {
        Assert.Equal("", await end);
        return watch.Elapsed;
    }
}
