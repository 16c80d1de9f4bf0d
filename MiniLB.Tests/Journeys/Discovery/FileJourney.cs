using MiniLB.Tests.Journeys.Harness;
using Xunit.Abstractions;

namespace MiniLB.Tests.Journeys.Discovery;

/// <summary>A file that lists backends is followed, and where it is wrong nothing changes.</summary>
public sealed class FileJourney(ITestOutputHelper output)
{
    [Fact]
    public async Task File_ThatChangesUnderLoad_FailsNoRequest_AndABadOneChangesNothing()
    {
        using var folder = new TemporaryFolder();
        await using var backends = await AddressedBackends.StartAsync(3);
        var file = folder.Write("backends.yaml", $"- {backends.UrlOf(0)}\n");
        await using var program = await RunningProgram.BalanceAsync("--backend", $"file:{file}");
        using var discovered = new DiscoveredBackends(program);
        await using var load = new GetLoad(program.Url, connections: 16);
        for (var change = 1; change <= 5; change++)
        {
            var (first, second) = (change % 3, (change + 1) % 3);
            folder.Write("backends.yaml", $"- {backends.UrlOf(first)}\n- {{ url: {backends.UrlOf(second)}, weight: 2 }}\n");
            await discovered.AreAsync(backends.UrlOf(first), backends.UrlOf(second) + " x2");
            await load.GoesOnAsync(100);
        }

        await program.SaysAsync($"configuration: + pools.default.backends {backends.UrlOf(2)} (file {file})");
        await program.SaysAsync("configuration read again (a list of backends has changed)");
        folder.Write("backends.yaml", $"- {backends.UrlOf(0)}\n- htp://nonsense\n");
        await program.SaysAsync($"{file}:2:3 pools.default.backends[0].file[1].url: 'htp://nonsense' is not an http or "
            + "https URL");
        await discovered.AreAsync(backends.UrlOf(2), backends.UrlOf(0) + " x2");
        await load.GoesOnAsync(100);
        folder.Write("backends.yaml", $"- {backends.UrlOf(1)}\n");
        await discovered.AreAsync(backends.UrlOf(1));
        await load.EndAsync();

        output.WriteLine($"6 changes, {load.Good} requests answered, {load.Failures.Count} failed");
        Assert.Empty(load.Failures);
    }

    [Fact]
    public async Task FileThatIsMissing_IsAnErrorAtTheStart()
    {
        await using var program = await RunningProgram.RunAsync("check", "--backend", "file:/no/such.yaml");

        Assert.Equal(2, program.ExitCode);
        Assert.Contains("--backend pools.default.backends[0].file: '/no/such.yaml' cannot be read", program.Errors,
            StringComparison.Ordinal);
    }
}
