using System.Text.Json;
using MiniLB.Load.Scenarios;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys;

/// <summary>The load tests do what their names say, and tell the truth about it.</summary>
public sealed class LoadJourney
{
    [Fact]
    public async Task Smoke_PutsLoadOnARunningBalancer()
    {
        await using var backend = await TestBackend.StartAsync();
        await using var balancer = await RunningProgram.BalanceAsync("--backend", backend.Url);
        using var folder = new TemporaryFolder();

        await using var load = await RunAsync(
            "smoke", "--url", balancer.Url.ToString(), "--seconds", "2", "--out", folder.Path);

        Assert.True(load.ExitCode == 0, load.Output + load.Errors);
        var report = Report(folder);
        var requests = report.GetProperty("requests").GetInt64();
        Assert.True(report.GetProperty("passed").GetBoolean());
        Assert.Equal(0, report.GetProperty("failed").GetInt64());
        Assert.InRange(requests, 16, backend.Requests);
        Assert.Equal(requests, report.GetProperty("timeline").EnumerateArray().Sum(i => i.GetProperty("requests").GetInt64()));
        Assert.Equal(requests, report.GetProperty("distribution").EnumerateArray().Sum(b => b.GetProperty("count").GetInt64()));
        Assert.Equal(5 * requests, report.GetProperty("bytesIn").GetInt64());
        Assert.Contains("latency p99", load.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(folder.File("report.html")));
    }

    [Fact]
    public async Task Failover_KillsABackendUnderLoad_AndNoRequestFails()
    {
        using var folder = new TemporaryFolder();

        await using var load = await RunSelfAsync(folder, "failover", "--seconds", "16", "--rate", "200");

        Assert.True(load.ExitCode == 0, load.Output + load.Errors);
        var report = Report(folder);
        Assert.Equal(0, report.GetProperty("failed").GetInt64());
        Assert.InRange(report.GetProperty("requests").GetInt64(), 3_190, 3_210);
        Assert.Equal(
            ["b1 killed", "b1 started"],
            report.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("what").GetString()));
        Assert.Equal(["b1", "b2", "b3"], report.GetProperty("backends").EnumerateObject().Select(b => b.Name));
        var killed = report.GetProperty("events")[0].GetProperty("second").GetDouble();
        var started = report.GetProperty("events")[1].GetProperty("second").GetDouble();
        Assert.Contains(report.GetProperty("timeline").EnumerateArray(), i =>
            i.GetProperty("second").GetDouble() > killed
            && i.GetProperty("second").GetDouble() + i.GetProperty("seconds").GetDouble() < started
            && !i.GetProperty("backends").TryGetProperty("b1", out _));
    }

    [Theory]
    [InlineData("mixed", 3)]
    [InlineData("websocket", 3)]
    [InlineData("sse", 3)]
    [InlineData("slow-backend", 3)]
    [InlineData("overload", 6)]
    [InlineData("drain", 30)]
    [InlineData("reload", 12)]
    [InlineData("rolling-restart", 30)]
    public async Task Scenario_RunsOnASystemOfItsOwn(string scenario, int seconds)
    {
        using var folder = new TemporaryFolder();
        // The machine may be busy with other tests: what is held here are the counts, not the latencies.
        var profile = folder.Write("profile.json", Profile(scenario));

        await using var load = await RunSelfAsync(folder, scenario, "--seconds", $"{seconds}", "--profile", profile);

        Assert.True(load.ExitCode == 0, load.Output + load.Errors);
        var report = Report(folder);
        Assert.Equal(0, report.GetProperty("failed").GetInt64());
        Assert.True(report.GetProperty("answered").GetInt64() > 0);
        Assert.Empty(report.GetProperty("problems").EnumerateArray());
        var events = report.GetProperty("events").GetArrayLength();
        Assert.Equal(scenario is "drain" or "rolling-restart" ? 6 : scenario == "reload" ? Math.Max(1, events) : 0, events);
        Assert.Equal(scenario == "overload", report.GetProperty("refused").GetInt64() > 0);
    }

    [Fact]
    public async Task BrokenThreshold_IsExitCodeOne_AndSaysWhich()
    {
        await using var backend = await TestBackend.StartAsync(c =>
        {
            c.Response.StatusCode = c.Request.Path == "/bad" ? 500 : 200;
            return Task.CompletedTask;
        });
        using var folder = new TemporaryFolder();

        await using var load = await RunAsync(
            "steady", "--url", backend.Url + "/bad", "--rate", "50", "--seconds", "1", "--out", folder.Path);

        Assert.Equal(1, load.ExitCode);
        Assert.Contains("threshold broken: failed is 50, wanted at most 0", load.Errors, StringComparison.Ordinal);
        Assert.False(Report(folder).GetProperty("passed").GetBoolean());
        Assert.Equal(50, Report(folder).GetProperty("failures").GetProperty("status 500").GetInt64());
    }

    [Fact]
    public async Task StallOfASecond_IsInTheP99_AsItsClientsFeelIt()
    {
        // Whoever comes in the second after the hundredth request waits for its end.
        var requests = 0;
        var stall = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var backend = await TestBackend.StartAsync(async c =>
        {
            if (Interlocked.Increment(ref requests) == 150)
            {
                _ = Task.Delay(TimeSpan.FromSeconds(1)).ContinueWith(_ => stall.SetResult(), TaskScheduler.Default);
            }

            await (requests < 150 ? Task.CompletedTask : stall.Task);
        });
        using var folder = new TemporaryFolder();

        await using var load = await RunAsync(
            "steady", "--url", backend.Url, "--rate", "50", "--seconds", "6", "--out", folder.Path);

        // 300 requests, some 50 of them held up, evenly between 0 and 1,000 ms: the third worst is the p99.
        var latency = Report(folder).GetProperty("latencyMs");
        Assert.Equal(300, Report(folder).GetProperty("answered").GetInt64());
        Assert.True(latency.GetProperty("p99").GetDouble() > 850, latency.ToString());
        Assert.True(latency.GetProperty("p95").GetDouble() > 600, latency.ToString());
    }

    [Fact]
    public async Task CtrlC_StillWritesTheReport()
    {
        await using var backend = await TestBackend.StartAsync();
        using var folder = new TemporaryFolder();
        await using var load = Start("soak", "--url", backend.Url, "--rate", "50", "--out", folder.Path);
        await Eventually.True(() => load.Output.Contains("in flight", StringComparison.Ordinal), "the first second");

        load.Signal("INT");
        await load.WaitForEndAsync();

        Assert.True(Report(folder).GetProperty("interrupted").GetBoolean());
        Assert.True(Report(folder).GetProperty("requests").GetInt64() > 0);
        Assert.True(File.Exists(folder.File("report.html")));
    }

    [Fact]
    public async Task LoadThatIsOverBeforeItsDisturbance_IsNotPassed()
    {
        using var folder = new TemporaryFolder();

        await using var load = await RunSelfAsync(folder, "rolling-restart", "--seconds", "1", "--rate", "20");

        // A fast machine is through with all backends in that second; where it is not, that must be said.
        var restarted = Report(folder).GetProperty("events").EnumerateArray()
            .Count(e => e.ToString().Contains(" started", StringComparison.Ordinal));
        Assert.Equal(restarted == 3 ? 0 : 1, load.ExitCode);
        Assert.Equal(restarted < 3, load.Errors.Contains(
            "give it a longer time with --seconds", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("either --url URL, or --self", "smoke")]
    [InlineData("either --url URL, or --self", "smoke", "--self", "--url", "http://127.0.0.1:1")]
    [InlineData("'ftp://x' is not an http or https URL", "smoke", "--url", "ftp://x")]
    [InlineData("--seconds: '0' is not a number above 0", "smoke", "--self", "--seconds", "0")]
    [InlineData("no stage of the profile has a rate", "smoke", "--self", "--rate", "5")]
    [InlineData("no stage of the profile has a number of them", "steady", "--self", "--connections", "5")]
    [InlineData("/nowhere.json: cannot be read", "smoke", "--self", "--profile", "/nowhere.json")]
    [InlineData("there is no such file", "smoke", "--self", "--minilb", "/nowhere")]
    public async Task WrongCommandLine_IsExitCodeTwo_AndSaysWhy(string message, params string[] arguments)
    {
        await using var load = await RunAsync(arguments);

        Assert.Equal(2, load.ExitCode);
        Assert.Contains(message, load.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_ListsEveryScenario()
    {
        await using var load = await RunAsync("--help");

        Assert.All(ScenarioList.All, s => Assert.Contains(s.Summary, load.Output, StringComparison.Ordinal));
    }

    private static string Profile(string scenario)
    {
        var (shape, thresholds) = scenario switch
        {
            "websocket" or "sse" => ("\"connections\": 10", ""),
            "overload" => ("\"rate\": 2", ", \"answeredPercentOfCapacity\": 20"),
            _ => ("\"rate\": 100", ", \"backends\": 3"),
        };
        return $$"""
            {
              "stages": [{ {{shape}}, "for": "1s" }],
              "ofCapacity": {{(scenario == "overload" ? "true" : "false")}},
              "expected": ["status 503"],
              "thresholds": { "failed": 0{{thresholds}} }
            }
            """;
    }

    private static Task<RunningProgram> RunSelfAsync(TemporaryFolder folder, params string[] arguments)
    {
        var binary = Environment.GetEnvironmentVariable("MINILB_BINARY");
        return RunAsync([
            .. arguments, "--self", "--out", folder.Path, .. binary is null ? Array.Empty<string>() : ["--minilb", binary]]);
    }

    private static async Task<RunningProgram> RunAsync(params string[] arguments)
    {
        var load = Start(arguments);
        await load.WaitForEndAsync();
        return load;
    }

    private static RunningProgram Start(params string[] arguments) =>
        RunningProgram.Start(ProgramUnderTest.Command(arguments, ProgramUnderTest.Metadata("LoadPath")));

    private static JsonElement Report(TemporaryFolder folder) =>
        JsonDocument.Parse(File.ReadAllBytes(folder.File("report.json"))).RootElement;
}
