using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Http;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys;

/// <summary>Every wait has a limit, and no limit cuts what makes progress.</summary>
public sealed class TimeoutJourney
{
    [Fact]
    public async Task BackendWithoutAHead_IsAnswered504OnceForAPost()
    {
        await using var backend = new RawBackend((_, _) => Task.Delay(Timeout.Infinite));
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", backend.Url, "--set", "pools.default.timeouts.responseHeaders=200ms");
        using var client = new HttpClient();

        using var response = await client.PostAsync(program.Url, new StringContent("a body"));

        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        Assert.Single(backend.Heads);
    }

    [Fact]
    public async Task BackendWithoutAHead_GetIsServedByTheOtherWithinAttempts()
    {
        await using var silent = new RawBackend((_, _) => Task.Delay(Timeout.Infinite));
        await using var other = await TestBackend.StartAsync("other");
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", silent.Url, "--backend", other.Url, "--set", "pools.default.timeouts.responseHeaders=2s");
        using var client = new HttpClient();

        for (var i = 0; i < 4; i++)
        {
            Assert.Equal("other", await client.GetStringAsync(program.Url));
        }

        Assert.Equal(2, silent.Heads.Count);
    }

    [Fact]
    public async Task BackendStallsInMidBody_ClientIsCutOffBeforeAFinalChunk()
    {
        await using var backend = new RawBackend(
            (connection, _) => connection.SendAsync(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npart\r\n"));
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", backend.Url, "--set", "pools.default.timeouts.idle=300ms");
        await using var client = await RawConnection.OpenAsync(program.Url);

        await client.SendAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        var answer = await client.ReadToEndAsync();

        Assert.Contains("4\r\npart\r\n", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("0\r\n\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DownloadLongerThanEveryLimit_ThatMakesProgress_IsNotCut()
    {
        await using var backend = await TestBackend.StartAsync(async context =>
        {
            for (var i = 0; i < 20; i++)
            {
                await context.Response.WriteAsync("tick ");
                await Task.Delay(100);
            }
        });
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", backend.Url, "--set", "pools.default.timeouts.idle=1s",
            "--set", "pools.default.timeouts.responseHeaders=1s", "--set", "timeouts.read=1s",
            "--set", "timeouts.write=1s", "--set", "timeouts.idle=1s");
        using var client = new HttpClient();

        Assert.Equal(100, (await client.GetStringAsync(program.Url)).Length);
    }

    [Fact]
    public async Task Total_CutsAlsoWhatMakesProgress()
    {
        await using var backend = await TestBackend.StartAsync(async context =>
        {
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.WriteAsync("tick ");
                await Task.Delay(20, CancellationToken.None);
            }
        });
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", backend.Url, "--set", "pools.default.timeouts.total=500ms");
        using var client = new HttpClient();

        await Assert.ThrowsAnyAsync<Exception>(() => client.GetStringAsync(program.Url));
    }

    [Fact]
    public async Task HalfAHead_IsAnswered408()
    {
        await using var backend = await TestBackend.StartAsync();
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", backend.Url, "--set", "timeouts.read=1s");
        await using var client = await RawConnection.OpenAsync(program.Url);

        await client.SendAsync("GET / HTTP/1.1\r\nHost:");

        Assert.StartsWith("HTTP/1.1 408", await client.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConnectionThatSendsNothing_IsClosedAfterRead()
    {
        await using var backend = await TestBackend.StartAsync();
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", backend.Url, "--set", "timeouts.read=1s");
        await using var client = await RawConnection.OpenAsync(program.Url);

        Assert.Equal("", await client.ReadToEndAsync());
    }

    [Fact]
    public async Task BodyThatStalls_IsAnswered408()
    {
        await using var backend = await TestBackend.StartAsync(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            await context.Response.WriteAsync("whole");
        });
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", backend.Url, "--set", "timeouts.read=1s");
        await using var client = await RawConnection.OpenAsync(program.Url);

        await client.SendAsync("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nonly this");

        Assert.StartsWith("HTTP/1.1 408", await client.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(" fail: ", program.Errors, StringComparison.Ordinal); // no client may fill the log
    }

    [Fact]
    public async Task ClientThatStopsReading_IsCutAfterWriteAndTheBackendIsReleased()
    {
        var ended = new TaskCompletionSource();
        await using var backend = await TestBackend.StartAsync(async context =>
        {
            context.RequestAborted.Register(ended.SetResult);
            var block = new byte[64 * 1024];
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(block, context.RequestAborted);
            }
        });
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", backend.Url, "--set", "timeouts.write=1s");
        await using var client = await RawConnection.OpenAsync(program.Url);

        await client.SendAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");

        await ended.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task ClientThatReadsSlowly_IsNotCut()
    {
        const int Size = 4 * 1024 * 1024;
        await using var backend = await TestBackend.StartAsync(
            c => c.Response.Body.WriteAsync(new byte[Size]).AsTask());
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", backend.Url, "--set", "timeouts.write=1s", "--set", "pools.default.timeouts.idle=1s");
        await using var client = await RawConnection.OpenAsync(program.Url);
        client.Socket.ReceiveBufferSize = 16 * 1024;
        await client.SendAsync("GET / HTTP/1.0\r\nHost: h\r\n\r\n");
        var watch = Stopwatch.StartNew();

        await client.ReadHeadAsync();
        var read = 0;
        while (read < Size)
        {
            var step = Math.Min(128 * 1024, Size - read);
            await client.ReadAsync(step);
            read += step;
            await Task.Delay(100);
        }

        Assert.True(watch.Elapsed > TimeSpan.FromSeconds(2), "the reader was not slow enough to prove anything");
    }

    [Fact]
    public async Task KeptConnectionWithoutARequest_IsClosedAfterIdle()
    {
        await using var backend = await TestBackend.StartAsync();
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", backend.Url, "--set", "timeouts.idle=1s");
        await using var client = await RawConnection.OpenAsync(program.Url);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        await client.ReadThroughAsync("0\r\n\r\n");

        Assert.Equal("", await client.ReadToEndAsync());
    }
}
