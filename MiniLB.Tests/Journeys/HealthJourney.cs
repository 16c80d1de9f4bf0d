using Microsoft.AspNetCore.Http;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys;

/// <summary>A backend that misbehaves leaves the rotation and returns when it has recovered.</summary>
public sealed class HealthJourney
{
    private static readonly string[] Quick =
    [
        "--set", "pools.default.healthCheck.interval=50ms", "--set", "pools.default.healthCheck.downInterval=50ms",
        "--set", "pools.default.healthCheck.fastInterval=20ms", "--set", "pools.default.healthCheck.timeout=300ms",
    ];

    [Theory]
    [InlineData("status")]
    [InlineData("reset")]
    [InlineData("hang")]
    public async Task MisbehavingBackend_LeavesAndReturns(string how)
    {
        var sick = false;
        await using var backend = await TestBackend.StartAsync(async context =>
        {
            switch (Volatile.Read(ref sick) ? how : "well")
            {
                case "status":
                    context.Response.StatusCode = 500;
                    break;
                case "reset":
                    context.Abort();
                    break;
                case "hang":
                    await Task.Delay(Timeout.Infinite, context.RequestAborted);
                    break;
                default:
                    await context.Response.WriteAsync("well");
                    break;
            }
        }, scriptsProbes: true);
        await using var other = await TestBackend.StartAsync("other");
        await using var program = await RunningProgram.BalanceAsync(
            ["--backend", backend.Url, "--backend", other.Url, .. Quick]);
        using var client = new HttpClient();
        Assert.Equal(2, await AliveAsync(client, program));

        Volatile.Write(ref sick, true);
        await Eventually.True(async () => await AliveAsync(client, program) == 1, "one is alive");
        for (var i = 0; i < 6; i++)
        {
            Assert.Equal("other", await client.GetStringAsync(program.Url));
        }

        Volatile.Write(ref sick, false);
        await Eventually.True(async () => await AliveAsync(client, program) == 2, "both are alive");
        await program.SaysAsync($"backend {backend.Url} is down: ");
        await program.SaysAsync($"backend {backend.Url} is up: status 200");
    }

    [Fact]
    public async Task KilledBackend_LeavesAndReturnsWhenStartedAgain()
    {
        await using var backend = await TestBackend.StartAsync();
        await using var program = await RunningProgram.BalanceAsync(["--backend", backend.Url, .. Quick]);
        using var client = new HttpClient();

        await backend.KillAsync();
        await Eventually.True(async () => await AliveAsync(client, program) == 0, "none is alive");
        await program.SaysAsync("no backend is up; requests are tried on all of them");

        await backend.StartAgainAsync();
        await Eventually.True(async () => await AliveAsync(client, program) == 1, "it is alive again");
        Assert.Equal("hello", await client.GetStringAsync(program.Url));
    }

    [Fact]
    public async Task BackendDownAtStart_GetsNoRequestAndIsReported()
    {
        await using var sick = await TestBackend.StartAsync(context =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        }, scriptsProbes: true);
        await using var well = await TestBackend.StartAsync();
        await using var program = await RunningProgram.BalanceAsync("--backend", sick.Url, "--backend", well.Url);
        using var client = new HttpClient();

        for (var i = 0; i < 4; i++)
        {
            Assert.Equal("hello", await client.GetStringAsync(program.Url));
        }

        Assert.Equal(0, sick.Requests);
        await program.SaysAsync($"backend {sick.Url} is down: status 500");
        Assert.Equal(
            """{"total":2,"alive":1,"dead":1,"backends":["""
            + $$"""{"url":"{{sick.Url}}","alive":false},{"url":"{{well.Url}}","alive":true}]}""",
            await client.GetStringAsync(new Uri(program.Url, "/health")));
    }

    [Theory]
    [InlineData(null, 404, true)]
    [InlineData(null, 500, false)]
    [InlineData("/ping", 404, false)]
    [InlineData("/ping", 302, true)]
    public async Task StatusOfAProbe_CountsAsDocumented(string? path, int status, bool alive)
    {
        await using var backend = await TestBackend.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        }, scriptsProbes: true);
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", backend.Url, "--set", $"pools.default.healthCheck.path={path ?? "null"}");
        using var client = new HttpClient();

        Assert.Equal(alive ? 1 : 0, await AliveAsync(client, program));
    }

    [Fact]
    public async Task ProbeSettings_ReachTheBackend()
    {
        var probe = new TaskCompletionSource<string>();
        await using var backend = await TestBackend.StartAsync(context =>
        {
            probe.TrySetResult($"{context.Request.Method} {context.Request.Path} {context.Request.Host} "
                + context.Request.Headers["X-Probe"]);
            return context.Response.WriteAsync("all is well");
        }, scriptsProbes: true);
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", backend.Url, "--set", "pools.default.healthCheck.path=/ping",
            "--set", "pools.default.healthCheck.method=POST", "--set", "pools.default.healthCheck.host=probe.test",
            "--set", "pools.default.healthCheck.headers.X-Probe=yes",
            "--set", "pools.default.healthCheck.headers.Content-Type=text/plain",
            "--set", "pools.default.healthCheck.body=is well",
            "--set", "pools.default.healthCheck.status=200");
        using var client = new HttpClient();

        Assert.Equal("POST /ping probe.test yes", await probe.Task);
        Assert.Equal(1, await AliveAsync(client, program));
    }

    [Fact]
    public async Task TcpProbe_NeedsNoAnswer()
    {
        using var silent = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", $"http://{silent.LocalEndpoint}", "--set", "pools.default.healthCheck.type=tcp");
        using var client = new HttpClient();

        Assert.Equal(1, await AliveAsync(client, program));
    }

    private static async Task<int> AliveAsync(HttpClient client, RunningProgram program)
    {
        using var response = await client.GetAsync(new Uri(program.AdminUrl, "/health"));
        var document = System.Text.Json.JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        var alive = document.RootElement.GetProperty("alive").GetInt32();
        Assert.Equal(alive > 0 ? 200 : 503, (int)response.StatusCode);
        return alive;
    }
}
