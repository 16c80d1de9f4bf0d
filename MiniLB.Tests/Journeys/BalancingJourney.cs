using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys;

/// <summary>Three backends, many requests: each gets exactly its share.</summary>
public sealed class BalancingJourney
{
    [Fact]
    public async Task ThirtyThousandRequests_OverThreeBackends_ReachEachTenThousandTimes()
    {
        await using var a = await TestBackend.StartAsync("a");
        await using var b = await TestBackend.StartAsync("b");
        await using var c = await TestBackend.StartAsync("c");
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", a.Url, "--backend", b.Url, "--backend", c.Url, "--set", "accessLog.format=off");
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 16 });

        await Parallel.ForAsync(0, 30_000, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (_, stop) =>
        {
            using var response = await client.GetAsync(program.Url, stop);
            Assert.True(response.IsSuccessStatusCode);
        });

        Assert.Equal([10_000, 10_000, 10_000], new[] { a.Requests, b.Requests, c.Requests });
    }
}
