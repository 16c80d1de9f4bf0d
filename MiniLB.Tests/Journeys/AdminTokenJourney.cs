using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys;

/// <summary>An admin address that other machines reach tells nothing and obeys nobody without the token.</summary>
public sealed class AdminTokenJourney(AdminTokenJourney.Rig rig) : IClassFixture<AdminTokenJourney.Rig>
{
    private const string Token = "correct-horse-battery-staple";
    private const string Right = "Authorization: Bearer " + Token + "\r\n";
    private const string Wrong = "Authorization: Bearer correct-horse-battery-stapler\r\n";
    private const string Json = "Content-Type: application/json\r\nContent-Length: 0\r\n";
    private const string Drain = "POST /backends/default/127.0.0.1:1/drain";

    [Theory]
    [InlineData("GET /livez", "", 200)]
    [InlineData("GET /readyz", "", 200)]
    [InlineData("GET /", "", 200)]
    [InlineData("GET /events", "", 401)]
    [InlineData("GET /events", Wrong, 401)]
    [InlineData("GET /health", "", 401)]
    [InlineData("GET /health", Wrong, 401)]
    [InlineData("GET /health", Right + Right, 401)]
    [InlineData("GET /health", Right, 503)] // no backend is up
    [InlineData("GET /backends", "", 401)]
    [InlineData("GET /backends?token=" + Token, "", 401)]
    [InlineData("GET /backends", Right, 200)]
    [InlineData("GET /nothing", "", 401)]
    [InlineData("GET /nothing", Right, 404)]
    [InlineData("GET /livez/../backends", "", 401)]
    [InlineData(Drain, Json, 401)]
    [InlineData(Drain, Json + Wrong, 401)]
    [InlineData(Drain, Right, 415)]
    [InlineData(Drain, Json + Right + "Origin: http://evil.example\r\n", 403)]
    [InlineData(Drain, Json + Right + "Sec-Fetch-Site: cross-site\r\n", 403)]
    public async Task Request_NeedsTheToken_AndTheOtherRulesHoldWithIt(string line, string fields, int status)
    {
        await using var client = await RawConnection.OpenAsync(rig.Local);

        await client.SendAsync($"{line} HTTP/1.1\r\nHost: 10.9.8.7:9901\r\n{fields}\r\n");
        var (head, _) = await client.ReadResponseAsync();

        Assert.StartsWith($"HTTP/1.1 {status} ", head, StringComparison.Ordinal);
        Assert.Equal(status == 401, head.Contains(
            "\r\nWWW-Authenticate: Bearer realm=\"minilb\"\r\n", StringComparison.OrdinalIgnoreCase));
        await client.SendAsync($"GET /backends HTTP/1.1\r\nHost: localhost\r\n{Right}\r\n");
        Assert.Contains("\"mode\":\"enabled\"", (await client.ReadResponseAsync()).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rebound.example", "")]
    [InlineData("rebound.example", Right)]
    [InlineData("10.9.8.7.rebound.example", Right)]
    public async Task Name_ThatSomebodyElseOwns_IsNotServed(string host, string fields)
    {
        await using var client = await RawConnection.OpenAsync(rig.Local);

        await client.SendAsync($"GET /livez HTTP/1.1\r\nHost: {host}\r\n{fields}\r\n");

        Assert.StartsWith("HTTP/1.1 403 ", (await client.ReadResponseAsync()).Head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_FindsTheTokenInItsFileOrTheEnvironment_AndSaysWhatIsWrong()
    {
        using var folder = new TemporaryFolder();
        string[] weight = ["weight", "127.0.0.2:2", "7", "--admin", rig.Local.Authority];

        await using var none = await RunningProgram.RunAsync(weight);
        await using var other = await RunningProgram.RunAsync(
            [.. weight, "--token-file", folder.Write("other", Token + "r")]);
        await using var unreadable = await RunningProgram.RunAsync([.. weight, "--token-file", folder.File("none")]);
        await using var broken = await RunningProgram.RunAsync(
            [.. weight, "--token-file", folder.Write("broken", "sec ret, with blanks\n")]);
        await using var file = await RunningProgram.RunAsync(
            [.. weight, "--token-file", folder.Write("token", Token + "\n")]);
        await using var environment = RunningProgram.Start(
            new Dictionary<string, string> { ["MINILB_ADMIN__TOKEN"] = Token }, weight);
        await environment.WaitForEndAsync();

        Assert.Equal("minilb weight: the instance asks for its token: give --token-file FILE or MINILB_ADMIN__TOKEN\n",
            none.Errors);
        Assert.Equal("minilb weight: the instance has another token\n", other.Errors);
        Assert.StartsWith("minilb weight: --token-file: ", unreadable.Errors, StringComparison.Ordinal);
        Assert.Contains("broken admin.token: the value is not ", broken.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("sec ret", broken.Errors, StringComparison.Ordinal);
        Assert.Equal([2, 2, 2, 2, 0, 0], new[] { none, other, unreadable, broken, file, environment }
            .Select(c => c.ExitCode));
        Assert.Equal("default/http://127.0.0.2:2 has weight 7\n", file.Output);
    }

    [Fact]
    public async Task Token_IsNeverSaid()
    {
        await using var program = Start("--set", "log.level=debug", "--set", "admin.token=" + Token);
        await program.WaitUntilServingAsync();
        await using var client = await RawConnection.OpenAsync(Loopback(program));
        await client.SendAsync($"GET /backends HTTP/1.1\r\nHost: localhost\r\n{Right}\r\n");
        await client.ReadResponseAsync();

        Assert.Equal(0, await program.StopAsync());

        Assert.DoesNotContain(Token, program.Output + program.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.0.0.0:0")]
    [InlineData(":0")]
    public async Task AddressForOtherMachines_WithoutAToken_IsNotOpened(string address)
    {
        await using var program = await RunningProgram.RunAsync(
            "--listen", "127.0.0.1:0", "--admin", address, "--backend", FailoverJourney.DeadUrl());

        Assert.Equal(2, program.ExitCode);
        Assert.Contains(
            $"--admin admin.address: '{address}' can be reached from other machines, which needs admin.token",
            program.Errors, StringComparison.Ordinal);
    }

    private static RunningProgram Start(params string[] arguments) => RunningProgram.Start(
        ["--listen", "127.0.0.1:0", "--admin", "0.0.0.0:0", "--backend", "http://127.0.0.1:1",
            "--backend", "http://127.0.0.2:2", .. arguments]);

    // Where the program listens to all, it says so in its start line.
    private static Uri Loopback(RunningProgram program) => new($"http://127.0.0.1:{program.AdminUrl.Port}");

    /// <summary>An instance that takes its token from the environment.</summary>
    public sealed class Rig : IAsyncLifetime
    {
        private RunningProgram _program = null!;

        internal Uri Local => Loopback(_program);

        public async Task InitializeAsync()
        {
            _program = RunningProgram.Start(
                new Dictionary<string, string> { ["MINILB_ADMIN__TOKEN"] = Token },
                "--listen", "127.0.0.1:0", "--admin", "0.0.0.0:0",
                "--backend", "http://127.0.0.1:1", "--backend", "http://127.0.0.2:2");
            await _program.WaitUntilServingAsync();
        }

        public async Task DisposeAsync() => await _program.DisposeAsync();
    }
}
