using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using MiniLB.Tests.Journeys.Harness;
using MiniLB.Tests.Journeys.Http2.Backends;
using Xunit.Abstractions;

namespace MiniLB.Tests.Journeys;

/// <summary>A backend that is drained gets no new work, finishes what it has, and may then be stopped without a failed
/// request.</summary>
public sealed class DrainJourney(ITestOutputHelper output)
{
    [Fact]
    public async Task BackendDrainedUnderLoad_IsStoppedAndBroughtBackWithoutAFailure()
    {
        await using var a = await TestBackend.StartAsync();
        await using var b = await TestBackend.StartAsync();
        await using var c = await TestBackend.StartAsync();
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", a.Url, "--backend", b.Url, "--backend", c.Url, "--set", "accessLog.format=off",
            "--set", "pools.default.healthCheck.interval=500ms",
            "--set", "pools.default.healthCheck.downInterval=200ms");
        await using var load = new GetLoad(program.Url, 64);
        await load.GoesOnAsync(2000);

        await AdminOf.DoAsync(program, "drain", $"default/127.0.0.1:{b.Port}", "--wait", "30s");
        var before = b.Requests;
        await load.GoesOnAsync(2000);
        Assert.Equal(before, b.Requests);
        await b.KillAsync();
        await load.GoesOnAsync(2000);
        await b.StartAgainAsync();
        await AdminOf.SeesAsync(program, b.Url, d => d.Alive, "the backend up again");
        Assert.Equal(before, b.Requests);

        await AdminOf.DoAsync(program, "enable", b.Url);
        await Eventually.True(() => b.Requests > before + 500, "traffic at the backend again");
        await load.EndAsync();
        Assert.Empty(load.Failures);
        output.WriteLine($"{load.Good} good requests, none failed");
    }

    [Fact]
    public async Task RequestInFlight_IsFinishedAndWaitedFor()
    {
        var gate = new TaskCompletionSource();
        await using var backend = await TestBackend.StartAsync(async context =>
        {
            await context.Response.WriteAsync("begun ");
            await gate.Task;
            await context.Response.WriteAsync("done");
        });
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);
        using var client = new HttpClient();
        var request = client.GetStringAsync(program.Url);
        await Eventually.True(() => backend.Requests == 1, "the request at the backend");

        var (late, _, errors) = await AdminOf.RunAsync(program, "drain", backend.Url, "--wait", "200ms");
        Assert.Equal(1, late);
        Assert.Contains("has 1 request in flight, 0 tunnels", errors, StringComparison.Ordinal);
        await using var wait = AdminOf.Start(program, "drain", backend.Url, "--wait", "30s");
        await Eventually.True(() => wait.Output.Contains("draining", StringComparison.Ordinal), "the command's answer");
        using var refused = await client.GetAsync(program.Url);
        Assert.Equal(503, (int)refused.StatusCode);
        Assert.False(wait.HasExited, wait.Output);
        gate.SetResult();

        Assert.Equal("begun done", await request);
        Assert.Equal(0, await wait.WaitForEndAsync());
        Assert.Equal(
            $"default/{backend.Url} is draining: 1 request in flight, 0 tunnels\n"
            + $"default/{backend.Url} has nothing left to do\n", wait.Output);
        Assert.Equal(1, backend.Requests);
        Assert.Single(program.Errors.Split('\n'), l => l.Contains("is draining now", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Wait_EndsWhenSomebodyEnablesTheBackend()
    {
        await using var backend = await TestBackend.StartAsync(
            c => Task.Delay(Timeout.Infinite, c.RequestAborted));
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);
        await using var client = await RawConnection.OpenAsync(program.Url);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        await Eventually.True(() => backend.Requests == 1, "the request at the backend");
        await using var wait = AdminOf.Start(program, "drain", backend.Url, "--wait", "1h");
        await Eventually.True(() => wait.Output.Contains("draining", StringComparison.Ordinal), "the command's answer");

        await AdminOf.DoAsync(program, "enable", backend.Url);

        Assert.Equal(1, await wait.WaitForEndAsync());
        Assert.Contains("has been enabled again", wait.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("drain")]
    [InlineData("disable")]
    public async Task KeptConnections_AreClosedAndNoneIsKept(string verb)
    {
        await using var backend = await TestBackend.StartAsync();
        await using var other = await TestBackend.StartAsync();
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url, "--backend", other.Url);
        await using (var load = new GetLoad(program.Url, 8))
        {
            await load.GoesOnAsync(200);
            Assert.InRange((await AdminOf.ShowAsync(program, backend.Url)).Connections, 1, 8);

            await AdminOf.DoAsync(program, verb, backend.Url);

            await AdminOf.SeesAsync(program, backend.Url, d => d.Connections == 0, "no connection to it");
            Assert.Empty(load.Failures);
        }

        // Each loop keeps its own, and a request that was sent again may have gone on on another.
        var kept = await AdminOf.ShowAsync(program, other.Url);
        Assert.InRange(kept.Connections, 1, 8 * Environment.ProcessorCount);
        await other.KillAsync();
        await AdminOf.SeesAsync(program, other.Url, d => d.Connections == 0, "those that it ended counted out");
    }

    [Fact]
    public async Task ConnectionsInHttp2_AreCountedInAndOut()
    {
        await using var backend = await KestrelBackend.StartAsync(c => c.Response.WriteAsync("hello"));
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", backend.Url, "--set", "pools.default.http=2");
        using var client = new HttpClient();
        Assert.Equal("hello", await client.GetStringAsync(program.Url));
        Assert.Equal(1, (await AdminOf.ShowAsync(program, backend.Url)).Connections);

        await backend.StopAsync();

        await AdminOf.SeesAsync(program, backend.Url, d => d.Connections == 0, "no connection to it");
    }

    [Theory]
    [InlineData("drain")]
    [InlineData("disable")]
    public async Task KeptConnectionsInHttp2_AreClosedOnceNothingIsInFlight(string verb)
    {
        var gate = new TaskCompletionSource();
        await using var backend = await KestrelBackend.StartAsync(async c =>
        {
            await c.Response.WriteAsync("begun ");
            await gate.Task;
            await c.Response.WriteAsync("done");
        });
        await using var other = await KestrelBackend.StartAsync(c => c.Response.WriteAsync("hello"));
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", backend.Url, "--backend", other.Url, "--set", "pools.default.http=2");
        using var client = new HttpClient();
        var requests = new[] { client.GetStringAsync(program.Url), client.GetStringAsync(program.Url) };
        await Eventually.True(() => backend.Requests == 1 && other.Requests == 1, "a request at each backend");

        await AdminOf.DoAsync(program, verb, backend.Url);
        Assert.Equal("hello", await client.GetStringAsync(program.Url));
        gate.SetResult();

        Assert.Equal(["begun done", "hello"], (await Task.WhenAll(requests)).Order());
        await AdminOf.SeesAsync(program, backend.Url, d => d.Connections == 0, "no connection to it");
        Assert.Equal(1, (await AdminOf.ShowAsync(program, other.Url)).Connections);
        await AdminOf.DoAsync(program, "enable", backend.Url);
        await Eventually.True(async () =>
        {
            await client.GetStringAsync(program.Url);
            return backend.Requests > 1;
        }, "traffic at the backend again");
    }

    [Fact]
    public async Task StickySessions_ReachADrainingBackendAndLeaveADisabledOne()
    {
        await using var a = await TestBackend.StartAsync("a");
        await using var b = await TestBackend.StartAsync("b");
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", a.Url, "--backend", b.Url, "--set", "pools.default.stickySession.enabled=true");
        using var bound = new HttpClient(new SocketsHttpHandler { UseCookies = false });
        bound.DefaultRequestHeaders.Add("Cookie", $"minilb={CookieOf(b)}");
        using var free = new HttpClient(new SocketsHttpHandler { UseCookies = false });

        await AdminOf.DoAsync(program, "drain", b.Url);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal("b", await bound.GetStringAsync(program.Url));
            Assert.Equal("a", await free.GetStringAsync(program.Url));
        }

        await AdminOf.DoAsync(program, "disable", b.Url);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal("a", await bound.GetStringAsync(program.Url));
        }

        await AdminOf.DoAsync(program, "enable", b.Url);
        Assert.Equal("b", await bound.GetStringAsync(program.Url));
    }

    [Fact]
    public async Task Weight_ShiftsTheSharesExactly()
    {
        await using var a = await TestBackend.StartAsync();
        await using var b = await TestBackend.StartAsync();
        await using var program = await RunningProgram.BalanceAsync("--backend", a.Url, "--backend", b.Url);
        using var client = new HttpClient();
        await SendAsync(client, program.Url, 100);
        Assert.Equal((50, 50), (a.Requests, b.Requests));

        await AdminOf.DoAsync(program, "weight", b.Url, "3");
        await SendAsync(client, program.Url, 400);

        Assert.Equal((150, 350), (a.Requests, b.Requests));
        Assert.Equal(3, (await AdminOf.ShowAsync(program, b.Url)).Weight);
    }

    private static async Task SendAsync(HttpClient client, Uri url, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await client.GetStringAsync(url);
        }
    }

    /// <summary>The value that binds a client to a backend of the pool "default" without a secret.</summary>
    private static string CookieOf(TestBackend backend) => Base64Url.EncodeToString(
        SHA256.HashData(Encoding.UTF8.GetBytes($"default\n{backend.Url}")).AsSpan(0, 16));
}
