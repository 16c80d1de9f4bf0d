using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys;

/// <summary>An operator writes YAML, sees what it comes to, whether its backends are there, and what it would
/// change.</summary>
public sealed class CheckJourney
{
    [Fact]
    public async Task YamlFile_IsServedFrom_AndComparedWithWhatRuns()
    {
        using var folder = new TemporaryFolder();
        await using var backend = await TestBackend.StartAsync();
        var running = folder.Write("minilb.yaml",
            $$"""
            %TAG !y! tag:yaml.org,2002:
            ---
            # Compared with another one below.
            listeners:
              - address: &anywhere 127.0.0.1:0
            admin: {address: *anywhere}
            pools:
              web:
                backends:
                  - {{backend.Url}}
                stickySession: {enabled: on, secret: hush}
            """);
        await using var program = RunningProgram.Start("--config", running);
        await program.WaitUntilServingAsync();
        using var client = new HttpClient();

        Assert.Equal("hello", await client.GetStringAsync(program.Url));
        var config = await client.GetStringAsync(new Uri(program.AdminUrl, "/config"));
        Assert.Contains($"\"url\": \"{backend.Url}\"", config, StringComparison.Ordinal);
        Assert.Contains("\"secret\": \"(secret)\"", config, StringComparison.Ordinal);

        var other = folder.Write("other.yml", (await File.ReadAllTextAsync(running))
            .Replace("secret: hush", "secret: another", StringComparison.Ordinal)
            .Replace($"      - {backend.Url}", $"      - url: {backend.Url}\n        weight: 3\n      - http://10.0.0.1",
                StringComparison.Ordinal));
        Assert.Equal(
            (0, $"""
                ~ admin.address 127.0.0.1:0 -> {program.AdminUrl.Authority}
                ~ pools.web.backends[{backend.Url}].weight 1 -> 3
                + pools.web.backends http://10.0.0.1

                """, ""),
            await AdminOf.RunAsync(program, "check", "--diff", "--config", other));
    }

    [Fact]
    public async Task Difference_FromNobody_FailsAndSaysSo()
    {
        var nobody = new Uri(FailoverJourney.DeadUrl()).Authority;
        await using var check = await RunningProgram.RunAsync(
            "check", "--diff", "--backend", "http://10.0.0.1", "--admin", nobody);

        Assert.Equal((1, ""), (check.ExitCode, check.Output));
        Assert.StartsWith($"minilb check: nobody answers at {nobody}: ", check.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explanation_TellsEachValueAndWhoWroteIt()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("minilb.yaml",
            "pools:\n  web:\n    backends: [http://10.0.0.1]\n    stickySession: {secret: hush}\n");
        await using var check = RunningProgram.Start(
            new Dictionary<string, string> { ["MINILB_TIMEOUTS__IDLE"] = "90s" },
            "check", "--explain", "--config", file, "--strategy", "random");

        Assert.Equal(0, await check.WaitForEndAsync());
        Assert.Equal(
            [
                $"pools.web.backends[0].url = http://10.0.0.1  # {file}:3:16",
                $"pools.web.stickySession.secret = (secret)  # {file}:4:29",
                "pools.web.strategy = random  # --strategy",
                "statusPath = /health  # default",
                "timeouts.idle = 90s  # MINILB_TIMEOUTS__IDLE",
            ],
            check.Output.Split('\n').Where(line => line.Split(" = ")[0] is "pools.web.backends[0].url"
                or "pools.web.stickySession.secret" or "pools.web.strategy" or "statusPath" or "timeouts.idle").Order(
                    StringComparer.Ordinal));
    }

    [Fact]
    public async Task Probes_TellWhichBackendsAreUp_AndFailWhereOneIsNot()
    {
        await using var backend = await TestBackend.StartAsync();
        var dead = FailoverJourney.DeadUrl();

        await using var one = await RunningProgram.RunAsync("check", "--probe", "--backend", backend.Url);
        await using var two = await RunningProgram.RunAsync("check", "--probe", "--backend", backend.Url, "-b", dead);
        await using var none = await RunningProgram.RunAsync(
            "check", "--probe", "--backend", dead, "--set", "pools.default.healthCheck.enabled=off");

        Assert.Equal((0, $"default/{backend.Url} is up: status 200\n"), (one.ExitCode, one.Output));
        Assert.Equal(1, two.ExitCode);
        Assert.Equal(
            [$"default/{backend.Url} is up: status 200", $"default/{dead} is down: Connection refused"],
            two.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal((0, $"default/{dead} is not probed: healthCheck.enabled is false\n"), (none.ExitCode, none.Output));
    }
}
