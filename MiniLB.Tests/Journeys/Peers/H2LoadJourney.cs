using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Peers;

/// <summary>h2load, which sends as fast as it can.</summary>
public sealed class H2LoadJourney
{
    [Theory]
    [InlineData("-m", "20")] // HTTP/2, 20 streams on each connection
    [InlineData("--h1", "-m", "1")]
    public async Task EveryRequest_IsAnswered(params string[] arguments)
    {
        await using var backend = await TestBackend.StartAsync(new string('x', 2000));
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);

        var load = await Tool.RunAsync("h2load", ["-n", "4000", "-c", "8", .. arguments, $"{program.Url}"]);

        Assert.Contains("4000 done, 4000 succeeded, 0 failed, 0 errored, 0 timeout", load.Output,
            StringComparison.Ordinal);
        Assert.Contains("status codes: 4000 2xx", load.Output, StringComparison.Ordinal);
        Assert.Equal(4000, backend.Requests);
    }
}
