using System.Net;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys;

/// <summary>The admin address answers operators, and nobody who was led there by a browser.</summary>
public sealed class AdminJourney
{
    [Theory]
    [InlineData("/livez", "localhost", 200)]
    [InlineData("/readyz", "127.0.0.1:1234", 200)]
    [InlineData("/health?x", "[::1]:9901", 200)]
    [InlineData("/health", "ops.test", 200)]
    [InlineData("/health", "rebound.example", 403)]
    [InlineData("/livez", "127.0.0.1.example", 403)]
    [InlineData("/nothing", "localhost", 404)]
    public async Task Request_UnderAHostName_IsAnsweredOrRefused(string target, string host, int status)
    {
        await using var backend = await TestBackend.StartAsync();
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", backend.Url, "--set", "admin.hosts.0=ops.test");
        await using var client = await RawConnection.OpenAsync(program.AdminUrl);

        await client.SendAsync($"GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n");
        var (head, _) = await client.ReadResponseAsync();

        Assert.StartsWith($"HTTP/1.1 {status} ", head, StringComparison.Ordinal);
        Assert.Equal(0, backend.Requests);
    }

    [Fact]
    public async Task Post_IsRefused()
    {
        await using var program = await RunningProgram.BalanceAsync("--backend", FailoverJourney.DeadUrl());
        using var client = new HttpClient();

        using var response = await client.PostAsync(new Uri(program.AdminUrl, "/livez"), null);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(["GET", "HEAD"], response.Content.Headers.Allow.Order());
    }

    [Fact]
    public async Task UnixSocket_IsPrivateServedAndRemovedAtTheEnd()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("admin.sock");
        await using var program = RunningProgram.Start(
            "--listen", "127.0.0.1:0", "--admin", $"unix:{path}", "--backend", FailoverJourney.DeadUrl());
        await program.WaitUntilServingAsync();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        await using var health = await RunningProgram.RunAsync("health", "--admin", $"unix:{path}");
        Assert.Equal(0, health.ExitCode);
        Assert.Equal(0, await program.StopAsync());
        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task SocketFileOfAKilledProcess_IsReplacedButALiveOneIsNot()
    {
        using var folder = new TemporaryFolder();
        string[] arguments =
            ["--listen", $"unix:{folder.File("front.sock")}", "--admin", "off", "--backend", FailoverJourney.DeadUrl()];
        await using var first = RunningProgram.Start(arguments);
        await first.WaitUntilServingAsync();

        await using var second = await RunningProgram.RunAsync(arguments);
        Assert.Equal(3, second.ExitCode);
        first.Signal("KILL");
        await first.WaitForEndAsync();
        await using var third = RunningProgram.Start(arguments);
        await third.WaitUntilServingAsync();

        await using var client = await RawConnection.OpenUnixAsync(folder.File("front.sock"));
        await client.SendAsync("GET /health HTTP/1.1\r\nHost: h\r\n\r\n");
        Assert.Contains("\"total\":1", (await client.ReadResponseAsync()).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_OfAnInstanceThatIsNotThere_ExitsWithOne()
    {
        await using var health = await RunningProgram.RunAsync(
            "health", "--url", FailoverJourney.DeadUrl() + "/readyz");

        Assert.Equal(1, health.ExitCode);
        Assert.Contains("refused", health.Errors, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("--admin", "junk")]
    [InlineData("--config", "/no/such/file.json")]
    public async Task Health_WithAWrongAddressOrFile_AsksNobody(params string[] arguments)
    {
        await using var health = await RunningProgram.RunAsync(["health", .. arguments]);

        Assert.Equal(2, health.ExitCode);
        Assert.Contains(arguments[1], health.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("all", "9.9.9.9", true)]
    [InlineData("private", "9.9.9.9", false)]
    [InlineData("private", "10.1.2.3", true)]
    [InlineData("none", "10.1.2.3", false)]
    public async Task HealthOnAListener_ShowsBackendsToWhomItMay(string detail, string client, bool shown)
    {
        await using var backend = await TestBackend.StartAsync();
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", backend.Url, "--set", $"statusDetail={detail}", "--set", "trustedProxies.0=127.0.0.1");
        await using var connection = await RawConnection.OpenAsync(program.Url);

        await connection.SendAsync($"GET /health HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: {client}\r\n\r\n");
        var (_, body) = await connection.ReadResponseAsync();

        var backends = $$""","backends":[{"url":"{{backend.Url}}","alive":true}]""";
        Assert.Equal($$"""{"total":1,"alive":1,"dead":0{{(shown ? backends : "")}}}""", body);
    }

    [Fact]
    public async Task StatusPath_CanBeMovedAndTurnedOff()
    {
        await using var backend = await TestBackend.StartAsync("the backend's own");
        using var client = new HttpClient();
        await using var moved = await RunningProgram.BalanceAsync("--backend", backend.Url, "--set", "statusPath=/up");
        Assert.Contains(
            "\"total\":1", await client.GetStringAsync(new Uri(moved.Url, "/up")), StringComparison.Ordinal);
        Assert.Equal("the backend's own", await client.GetStringAsync(new Uri(moved.Url, "/health")));

        await using var off = await RunningProgram.BalanceAsync("--backend", backend.Url, "--set", "statusPath=null");
        Assert.Equal("the backend's own", await client.GetStringAsync(new Uri(off.Url, "/health")));
    }
}
