using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys;

/// <summary>With shutdown.handOver a stop makes the node empty before /readyz says so, and refuses nobody
/// meanwhile.</summary>
public sealed class HandOverJourney
{
    private const string Request = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

    [Fact]
    public async Task Stop_WhileOneThatWasKeptIsOpen_StaysReadyAndGivesEverybodyOneAnswer()
    {
        await using var backend = await TestBackend.StartAsync();
        await using var program = await StartAsync(backend);
        await using var kept = await RawConnection.OpenAsync(program.Url);
        await kept.SendAsync(Request);
        await kept.ReadThroughAsync("0\r\n\r\n");

        program.Signal("TERM");
        await program.SaysAsync("stopping");
        await using var late = await RawConnection.OpenAsync(program.Url);
        await late.SendAsync(Request);
        Assert.Contains("Connection: close", await late.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.True(await IsReadyAsync(program));
        await kept.SendAsync(Request);

        Assert.Contains("Connection: close", await kept.ReadToEndAsync(), StringComparison.Ordinal);
        await program.SaysAsync("0 connections are left");
        await Eventually.True(async () => !await IsReadyAsync(program), "not ready");
        Assert.Equal(0, await program.StopAsync()); // the second signal ends the delay
    }

    [Fact]
    public async Task Empty_LeavesNewConnectionsUnanswered()
    {
        await using var backend = await TestBackend.StartAsync();
        await using var program = await StartAsync(backend);

        program.Signal("TERM");
        await program.SaysAsync("0 connections are left");

        using var late = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await late.ConnectAsync(IPAddress.Loopback, program.Url.Port, soon.Token));
        Assert.False(program.HasExited);
        Assert.Equal(0, await program.StopAsync());
    }

    [Fact]
    public async Task RequestThatTakesLonger_IsNotWaitedForBeyondTheTime_ButFinished()
    {
        var release = new TaskCompletionSource();
        await using var backend = await TestBackend.StartAsync(async context =>
        {
            await (context.Request.Path == "/slow" ? release.Task : Task.CompletedTask);
            await context.Response.WriteAsync("whole");
        });
        await using var program = await StartAsync(backend, "shutdown.handOver=200ms", "shutdown.delay=0s");
        await using var kept = await RawConnection.OpenAsync(program.Url); // silent from here on: closed after 2 s
        await kept.SendAsync(Request);
        await kept.ReadThroughAsync("0\r\n\r\n");

        program.Signal("TERM");
        await program.SaysAsync("stopping");
        using var client = new HttpClient();
        var answer = client.GetStringAsync(new Uri(program.Url, "/slow"));
        await program.SaysAsync("1 connections are left");
        await Eventually.True(async () => !await IsReadyAsync(program), "not ready");
        release.SetResult();

        Assert.Equal("whole", await answer);
        Assert.Equal(0, await program.WaitForEndAsync());
    }

    [Fact]
    public async Task Http2Connection_ThatIsNeverSilent_IsToldAndHoldsNothingUp()
    {
        await using var backend = await TestBackend.StartAsync(async context =>
        {
            await Task.Delay(20);
            await context.Response.WriteAsync("whole");
        });
        await using var program = await StartAsync(backend);
        using var client = new HttpClient(new SocketsHttpHandler { EnableMultipleHttp2Connections = false })
        {
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var end = new CancellationTokenSource();
        var good = 0;
        var busy = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (!end.IsCancellationRequested)
            {
                Assert.Equal("whole", await client.GetStringAsync(program.Url, end.Token));
                Interlocked.Increment(ref good);
            }
        })).ToArray();
        await Eventually.True(() => good > 50, "answers");
        var watch = Stopwatch.StartNew();

        program.Signal("TERM");
        await program.SaysAsync("0 connections are left");

        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 20); // far below the grace time
        await end.CancelAsync();
        foreach (var task in busy)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
        }

        Assert.Equal(0, await program.StopAsync());
    }

    private static Task<RunningProgram> StartAsync(TestBackend backend, params string[] settings) =>
        RunningProgram.BalanceAsync(
        [
            "--backend", backend.Url, "--set", "shutdown.handOver=10s", "--set", "shutdown.delay=1m",
            .. settings.SelectMany(s => new[] { "--set", s }),
        ]);

    private static async Task<bool> IsReadyAsync(RunningProgram program)
    {
        using var client = new HttpClient();
        using var ready = await client.GetAsync(new Uri(program.AdminUrl, "/readyz"));
        return ready.StatusCode == HttpStatusCode.OK;
    }
}
