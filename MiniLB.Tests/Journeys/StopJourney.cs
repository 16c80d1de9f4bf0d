using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys;

/// <summary>A stop loses no request: what is in flight ends, kept connections get a farewell, new ones are
/// refused.</summary>
public sealed class StopJourney
{
    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    [InlineData("QUIT")]
    public async Task Signal_FiftySlowRequestsInFlight_AllCompleteAndExitIsClean(string signal)
    {
        var release = new TaskCompletionSource();
        var arrived = 0;
        await using var backend = await TestBackend.StartAsync(async context =>
        {
            if (context.Request.Path == "/slow")
            {
                Interlocked.Increment(ref arrived);
                await release.Task;
            }

            await context.Response.WriteAsync("whole");
        });
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);
        using var client = new HttpClient();
        var answers = Enumerable.Range(0, 50)
            .Select(_ => client.GetStringAsync(new Uri(program.Url, "/slow"))).ToArray();
        await Eventually.True(() => arrived == 50, "50 requests at the backend");

        program.Signal(signal);

        await Eventually.True(() => IsRefusedAsync(program.Url), "new connections are refused");
        Assert.False(program.HasExited);
        release.SetResult();
        Assert.All(await Task.WhenAll(answers), answer => Assert.Equal("whole", answer));
        Assert.Equal(0, await program.WaitForEndAsync());
    }

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    public async Task LastLineOfTheLog_IsWrittenBeforeTheProcessEnds(string format)
    {
        await using var backend = await TestBackend.StartAsync("a");
        for (var i = 0; i < 5; i++)
        {
            await using var program = await RunningProgram.BalanceAsync(
                "--backend", backend.Url, "--set", $"log.format={format}");

            Assert.Equal(0, await program.StopAsync());

            await program.SaysAsync("stopped");
        }
    }

    [Fact]
    public async Task KeptConnection_AfterTheSignal_GetsOneMoreAnswerMarkedAsTheLast()
    {
        await using var backend = await TestBackend.StartAsync();
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);
        await using var client = await RawConnection.OpenAsync(program.Url);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        var first = await client.ReadHeadAsync();
        await client.ReadThroughAsync("0\r\n\r\n");

        program.Signal("TERM");
        await Eventually.True(() => IsRefusedAsync(program.Url), "new connections are refused");
        await client.SendAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        var last = await client.ReadToEndAsync();

        Assert.DoesNotContain("Connection: close", first, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200", last, StringComparison.Ordinal);
        Assert.Contains("Connection: close", last, StringComparison.Ordinal);
        Assert.EndsWith("0\r\n\r\n", last, StringComparison.Ordinal);
        Assert.Equal(0, await program.WaitForEndAsync());
    }

    [Fact]
    public async Task SilentKeptConnection_AfterTheSignal_IsClosedAndDoesNotHoldUpTheEnd()
    {
        await using var backend = await TestBackend.StartAsync();
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);
        await using var kept = await RawConnection.OpenAsync(program.Url);
        await kept.SendAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        await kept.ReadThroughAsync("0\r\n\r\n");
        await using var unused = await RawConnection.OpenAsync(program.Url);
        var watch = System.Diagnostics.Stopwatch.StartNew();

        Assert.Equal(0, await program.StopAsync());

        Assert.InRange(watch.Elapsed.TotalSeconds, 1.5, 20);
        Assert.Equal("", await kept.ReadToEndAsync());
        Assert.Equal("", await unused.ReadToEndAsync());
    }

    [Fact]
    public async Task GraceOver_RequestStillRunning_IsCutAndExitIsClean()
    {
        await using var backend = await TestBackend.StartAsync(Hanging);
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", backend.Url, "--set", "shutdown.grace=200ms");
        using var client = new HttpClient();
        var answer = client.GetStringAsync(program.Url);
        await Eventually.True(() => backend.Requests == 1, "the request at the backend");

        Assert.Equal(0, await program.StopAsync());

        await Assert.ThrowsAnyAsync<Exception>(() => answer);
        Assert.Contains("cut 1 requests on 1 connections", program.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SecondSignal_RequestStillRunning_StopsAtOnce()
    {
        await using var backend = await TestBackend.StartAsync(Hanging);
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);
        using var client = new HttpClient();
        var answer = client.GetStringAsync(program.Url);
        await Eventually.True(() => backend.Requests == 1, "the request at the backend");

        program.Signal("TERM");
        await Eventually.True(() => program.Errors.Contains("stopping", StringComparison.Ordinal), "stopping");
        Assert.False(answer.IsCompleted);
        Assert.Equal(0, await program.StopAsync());

        await Assert.ThrowsAnyAsync<Exception>(() => answer);
    }

    [Fact]
    public async Task Delay_AfterTheSignal_IsNotReadyButStillServes()
    {
        await using var backend = await TestBackend.StartAsync();
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", backend.Url, "--set", "shutdown.delay=30s");
        using var client = new HttpClient();
        using var ready = await client.GetAsync(new Uri(program.AdminUrl, "/readyz"));
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);

        program.Signal("TERM");

        await Eventually.True(
            async () =>
            {
                using var response = await client.GetAsync(new Uri(program.AdminUrl, "/readyz"));
                return response.StatusCode == HttpStatusCode.ServiceUnavailable;
            },
            "not ready");
        using var alive = await client.GetAsync(new Uri(program.AdminUrl, "/livez"));
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
        using var fresh = new HttpClient();
        Assert.Equal("hello", await fresh.GetStringAsync(program.Url));
        Assert.Equal(0, await program.StopAsync()); // the second signal ends the delay
    }

    private static Task Hanging(HttpContext context) => Task.Delay(Timeout.Infinite, context.RequestAborted);

    private static async Task<bool> IsRefusedAsync(Uri url)
    {
        try
        {
            await using var connection = await RawConnection.OpenAsync(url);
            return false;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            return false; // it met the closing of the listening socket itself
        }
    }
}
