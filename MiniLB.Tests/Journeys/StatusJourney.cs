using System.Text.Json;
using MiniLB.Admin.Stats;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys;

/// <summary>minilb status shows how a running instance stands, to people and to programs.</summary>
public sealed class StatusJourney : IClassFixture<StatusJourney.Rig>
{
    private readonly RunningProgram _program;

    public StatusJourney(Rig rig) => _program = rig.Program;

    [Fact]
    public async Task Table_ShowsEachBackend_WithoutColorsInAPipe()
    {
        var (exitCode, output, errors) = await AdminOf.RunAsync(_program, "status");

        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Matches("^minilb .*, ready, up for ", output);
        Assert.Matches(@"\ndefault  roundRobin, 0 of 1 up, ", output);
        Assert.Matches(@"\n  http://127\.0\.0\.1:1 +down .*refused", output);
        Assert.DoesNotContain('\e', output);
    }

    [Fact]
    public async Task Json_IsTheDocumentOfStats()
    {
        var (exitCode, output, _) = await AdminOf.RunAsync(_program, "status", "--json");

        Assert.Equal(0, exitCode);
        var stats = JsonSerializer.Deserialize(output, StatsJson.Default.StatsDocument)!;
        Assert.Equal("http://127.0.0.1:1", stats.Pools.Single().Backends.Single().Url);
    }

    [Fact]
    public async Task Watch_ShowsChanges_UntilItIsEnded()
    {
        await using var program = await RunningProgram.BalanceAsync("--backend", "http://127.0.0.1:1");
        await using var watch = AdminOf.Start(program, "status", "--watch");
        await Eventually.True(() => watch.Output.Contains(" down ", StringComparison.Ordinal), "the table");

        await AdminOf.DoAsync(program, "drain", "127.0.0.1:1");

        await Eventually.True(() => watch.Output.Contains(" draining ", StringComparison.Ordinal), "the change");
        Assert.False(watch.HasExited);
    }

    [Theory]
    [InlineData(2, "there is no pool 'shop', only default", "--pool", "shop")]
    [InlineData(2, "--json prints the whole document once", "--json", "--watch")]
    [InlineData(2, "--json prints the whole document once", "--json", "--pool", "default")]
    public async Task WhatCannotBeShown_IsSaid(int expected, string message, params string[] arguments)
    {
        var (exitCode, output, errors) = await AdminOf.RunAsync(_program, ["status", .. arguments]);

        Assert.Equal((expected, ""), (exitCode, output));
        Assert.Contains(message, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NobodyAtTheAddress_IsSaidWithTheAddress()
    {
        var address = new Uri(FailoverJourney.DeadUrl()).Authority;

        await using var command = await RunningProgram.RunAsync("status", "--admin", address);

        Assert.Equal(1, command.ExitCode);
        Assert.StartsWith($"minilb status: nobody answers at {address}: ", command.Errors, StringComparison.Ordinal);
    }

    /// <summary>An instance with one backend that does not exist.</summary>
    public sealed class Rig : IAsyncLifetime
    {
        internal RunningProgram Program { get; private set; } = null!;

        public async Task InitializeAsync() =>
            Program = await RunningProgram.BalanceAsync("--backend", "http://127.0.0.1:1");

        public async Task DisposeAsync() => await Program.DisposeAsync();
    }
}
