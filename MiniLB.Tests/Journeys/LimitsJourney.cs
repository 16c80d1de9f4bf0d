using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys;

/// <summary>What clients may take is bounded, and one that asks for more is told so.</summary>
public sealed class LimitsJourney
{
    [Fact]
    public async Task InFlight_OneMoreIsAnswered503AndTheNextAfterAnEndIsServed()
    {
        var release = new TaskCompletionSource();
        await using var backend = await TestBackend.StartAsync(async context =>
        {
            await release.Task;
            await context.Response.WriteAsync("done");
        });
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", backend.Url, "--set", "limits.inFlight=2");
        using var client = new HttpClient();
        Task<string>[] running = [client.GetStringAsync(program.Url), client.GetStringAsync(program.Url)];
        await Eventually.True(() => backend.Requests == 2, "two requests at the backend");

        using var refused = await client.GetAsync(program.Url);
        using var status = await client.GetAsync(new Uri(program.Url, "/health"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter!.Delta);
        Assert.Equal(HttpStatusCode.OK, status.StatusCode);
        release.SetResult();
        await Task.WhenAll(running);
        Assert.Equal("done", await client.GetStringAsync(program.Url));
    }

    [Fact]
    public async Task Connections_OneMoreIsClosedAndTheAdminAddressStillAnswers()
    {
        await using var backend = await TestBackend.StartAsync();
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", backend.Url, "--set", "limits.connections=1");
        await using var first = await RawConnection.OpenAsync(program.Url);
        await first.SendAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        await first.ReadThroughAsync("0\r\n\r\n");

        Assert.Equal("", await ConnectAndReadAsync(program.Url));
        using var admin = new HttpClient();
        Assert.Equal("ready\n", await admin.GetStringAsync(new Uri(program.AdminUrl, "/readyz")));
        await first.SendAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        await first.ReadThroughAsync("0\r\n\r\n");
    }

    // The close may come before the connection is seen to be open.
    private static async Task<string> ConnectAndReadAsync(Uri url)
    {
        try
        {
            await using var connection = await RawConnection.OpenAsync(url);
            return await connection.ReadToEndAsync();
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            return "";
        }
    }

    [Theory]
    [InlineData("limits.requestLine=256", "GET /{300} HTTP/1.1\r\nHost: h\r\n\r\n", 414)]
    [InlineData("limits.headers=2", "GET / HTTP/1.1\r\nHost: h\r\nA: 1\r\nB: 2\r\n\r\n", 431)]
    [InlineData("limits.headerBytes=256", "GET / HTTP/1.1\r\nHost: h\r\nA: {300}\r\n\r\n", 431)]
    [InlineData("limits.body=3", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody", 413)]
    [InlineData("limits.body=3",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n", 413)]
    public async Task RequestOverALimit_IsRefusedWithItsStatusAndAClose(string setting, string request, int status)
    {
        await using var backend = await TestBackend.StartAsync(c => c.Request.Body.CopyToAsync(Stream.Null));
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url, "--set", setting);
        await using var client = await RawConnection.OpenAsync(program.Url);

        await client.SendAsync(request.Replace("{300}", new string('x', 300), StringComparison.Ordinal));

        Assert.StartsWith($"HTTP/1.1 {status} ", await client.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task HeadLargerThanTheUsualBuffer_IsPassedOnWhereItIsAllowed()
    {
        await using var backend = await TestBackend.StartAsync();
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", backend.Url, "--set", "limits.headerBytes=1MiB", "--set", "statusPath=/other");
        await using var client = await RawConnection.OpenAsync(program.Url);

        await client.SendAsync($"GET /other HTTP/1.1\r\nHost: h\r\nX-Large: {new string('x', 500_000)}\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200", await client.ReadHeadAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenFiles_SoftLimitIsRaisedToTheHardOne()
    {
        await using var program = await RunningProgram.BalanceAsync("--backend", FailoverJourney.DeadUrl());

        var limits = (await File.ReadAllLinesAsync($"/proc/{program.Id}/limits"))
            .Single(l => l.StartsWith("Max open files", StringComparison.Ordinal));
        var columns = limits.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(columns[^2], columns[^3]);
    }

    [Fact]
    public async Task OutOfFiles_AcceptingPausesWithoutSpinningAndGoesOnAfterwards()
    {
        await using var backend = await TestBackend.StartAsync();
        await using var program = await FewDescriptors.BalanceAsync(
            "--backend", backend.Url, "--set", "timeouts.read=0");
        using (var first = new HttpClient())
        {
            // Its assemblies, which are files too, are loaded once it has served and its loops have beaten.
            await first.GetStringAsync(program.Url);
            await Eventually.True(
                async () => JsonDocument.Parse(await first.GetStringAsync(new Uri(program.AdminUrl, "/stats")))
                    .RootElement.GetProperty("uptimeSeconds").GetDouble() > 2, "its loops have beaten");
        }

        await FewDescriptors.LimitAsync(program, $"{FewDescriptors.Open(program) + 10}");
        var clients = new List<RawConnection>();
        for (var i = 0; i < 60; i++)
        {
            clients.Add(await RawConnection.OpenAsync(program.Url));
        }

        await Eventually.True(
            () => program.Errors.Split("accepting on").Length > 3, "several pauses, each said", () => program.Errors);
        Assert.InRange(program.Errors.Split("accepting on").Length, 3, 20);
        foreach (var client in clients)
        {
            await client.DisposeAsync();
        }

        using var http = new HttpClient();
        Assert.Equal("hello", await http.GetStringAsync(program.Url));
    }
}
