using System.Net;
using System.Net.Sockets;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys;

/// <summary>A configuration is taken from flag, environment and file in that order, and a wrong one is refused
/// whole.</summary>
public sealed class ConfigurationJourney
{
    [Theory]
    [InlineData("{", "1:2: not valid JSON: ")]
    [InlineData("{}", "configuration pools: no backend is configured; ")]
    [InlineData("""{ "pools": { "web": { "backends": [] } } }""", "1:35 pools.web.backends: the pool has no backend")]
    [InlineData("""{ "pools": { "web": { "backends": ["htp://x"] } } }""",
        "1:36 pools.web.backends[0].url: 'htp://x' is not an http or https URL")]
    [InlineData("""{ "pools": { "w": { "backends": ["http://x"], "healthChek": {} } } }""",
        "1:47 pools.w.healthChek: unknown key; did you mean 'healthCheck'?")]
    [InlineData("""{ "pools": { "w": { "backends": ["http://x"], "healthCheck": { "interval": "10" } } } }""",
        "1:76 pools.w.healthCheck.interval: '10' is not a duration such as 250ms, 10s, 5m or 1h, above 0")]
    [InlineData("""{ "listeners": [{ "address": "everywhere" }], "pools": { "w": { "backends": ["http://x"] } } }""",
        "1:30 listeners[0].address: 'everywhere' is not host:port, :port, ")]
    [InlineData("""{ "admin": { "address": "0.0.0.0:9901" }, "pools": { "w": { "backends": ["http://x"] } } }""",
        "1:25 admin.address: '0.0.0.0:9901' can be reached from other machines, which needs admin.token; ")]
    [InlineData("""{ "trustedProxies": ["10.0.0.1/8"], "pools": { "w": { "backends": ["http://x"] } } }""",
        "1:22 trustedProxies[0]: '10.0.0.1/8' is not an address range such as ")]
    [InlineData("""{ "limits": { "headers": -1 }, "pools": { "w": { "backends": ["http://x"] } } }""",
        "1:26 limits.headers: '-1' is not a whole number, at least 1")]
    [InlineData("""{ "pools": { "w": { "backends": ["http://x", "http://x:80"] } } }""",
        "1:33 pools.w.backends: 'x' is listed 2 times; use weight for a larger share")]
    [InlineData("""{ "log": 3, "log": 4, "pools": { "w": { "backends": ["http://x"] } } }""",
        "1:13 log: is given twice, first at ")]
    public async Task WrongFile_IsRefusedWithPlaceKeyAndWhatWouldDo(string json, string error)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("minilb.json", json);

        await using var check = await RunningProgram.RunAsync("check", "--config", file);
        await using var run = await RunningProgram.RunAsync("--config", file);

        Assert.Equal(2, check.ExitCode);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(error, check.Errors, StringComparison.Ordinal);
        Assert.Equal(check.Errors, run.Errors);
    }

    [Fact]
    public async Task SeveralErrors_AreAllListedAtOnce()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("minilb.json",
            """
            {
              // comments are allowed
              "statusPath": "health",
              "pools": {
                "web": {
                  "backends": [
                    "http://10.0.0.1:8080",
                    { "url": "http://10.0.0.2:8080/api", "weight": 0 },
                    { "weight": 2 },
                  ],
                },
              },
            }
            """);

        await using var check = await RunningProgram.RunAsync("check", "--config", file);

        const string tooMuch = "has more than scheme, host and port, such as http://10.0.0.1:8080";
        Assert.Equal(
            $"""
            {file}:3:17 statusPath: 'health' is not a path such as /health, or null
            {file}:8:56 pools.web.backends[1].weight: '0' is not a whole number from 1 to 256
            {file}:8:18 pools.web.backends[1].url: 'http://10.0.0.2:8080/api' {tooMuch}
            {file}:9:9 pools.web.backends[2].url: is missing; expected an http or https URL, or dns, srv or file

            """,
            check.Errors);
    }

    [Fact]
    public async Task RightFile_IsConfirmed()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("minilb.json", """{ "pools": { "web": { "backends": ["http://10.0.0.1"] } } }""");

        await using var check = await RunningProgram.RunAsync("check", "--config", file);

        Assert.Equal((0, "ok: 1 listener, 1 pool, 1 backend\n"), (check.ExitCode, check.Output));
    }

    [Fact]
    public async Task FlagBeatsEnvironmentBeatsFile()
    {
        using var folder = new TemporaryFolder();
        await using var backend = await TestBackend.StartAsync();
        var file = folder.Write("minilb.json",
            $$"""
            {
              "statusPath": "/file", "statusDetail": "none",
              "admin": { "address": "off" },
              "pools": { "web": { "backends": ["{{backend.Url}}"] } }
            }
            """);
        var environment = new Dictionary<string, string>
        {
            ["MINILB_STATUSPATH"] = "/environment",
            ["MINILB_listeners__0__ADDRESS"] = "127.0.0.1:0",
            ["MINILB_STATUSDETAIL"] = "none",
            ["MINILB_NO_SUCH_KEY"] = "1",
            ["MINILB_PORT"] = "tcp://10.0.0.1:80",
        };
        await using var program = RunningProgram.Start(
            environment, "--config", file, "--set", "statusDetail=all");
        await program.WaitUntilServingAsync();
        using var client = new HttpClient();

        Assert.Contains(
            backend.Url, await client.GetStringAsync(new Uri(program.Url, "/environment")), StringComparison.Ordinal);
        Assert.Contains(
            "warning: MINILB_NO_SUCH_KEY NO_SUCH_KEY: unknown key, ignored", program.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("MINILB_PORT", program.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--no-such-flag")]
    [InlineData("no-such-command")]
    [InlineData("--strategy", "magic")]
    [InlineData("--set", "shutdown.grace")]
    [InlineData("--backend", "http://x,wieght=3")]
    [InlineData("--config", "/no/such/file.json")]
    [InlineData("--config", "/etc/hosts")]
    public async Task WrongCommandLine_ExitsWithTwoAndSaysWhy(params string[] arguments)
    {
        await using var program = await RunningProgram.RunAsync(arguments);

        Assert.Equal(2, program.ExitCode);
        Assert.Contains(arguments[^1].Split(',')[^1].Split('=')[0], program.Errors, StringComparison.Ordinal);
        Assert.Empty(program.Output);
    }

    [Fact]
    public async Task AddressInUse_ExitsWithThreeAndNamesIt()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        await using var program = await RunningProgram.RunAsync(
            "--listen", taken.LocalEndpoint.ToString()!, "--admin", "off", "--backend", FailoverJourney.DeadUrl());

        Assert.Equal(3, program.ExitCode);
        Assert.Contains($"cannot listen on {taken.LocalEndpoint}", program.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("run", "--help")]
    [InlineData("demo", "--help")]
    [InlineData("check", "--help")]
    [InlineData("health", "--help")]
    [InlineData("version")]
    public async Task Help_GoesToStandardOutput(params string[] arguments)
    {
        await using var program = await RunningProgram.RunAsync(arguments);

        Assert.Equal((0, ""), (program.ExitCode, program.Errors));
        Assert.Contains("minilb", program.Output, StringComparison.Ordinal);
    }
}
