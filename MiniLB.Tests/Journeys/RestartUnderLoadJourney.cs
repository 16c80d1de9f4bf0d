using System.Diagnostics;
using MiniLB.Tests.Journeys.Harness;
using Xunit.Abstractions;

namespace MiniLB.Tests.Journeys;

/// <summary>One of three backends dies and comes back under 64 busy connections: no client notices.</summary>
public sealed class RestartUnderLoadJourney(ITestOutputHelper output)
{
    [Fact]
    public async Task BackendKilledAndStartedAgain_UnderLoad_NoGetFails()
    {
        await using var a = await TestBackend.StartAsync();
        await using var b = await TestBackend.StartAsync();
        await using var c = await TestBackend.StartAsync();
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", a.Url, "--backend", b.Url, "--backend", c.Url, "--set", "accessLog.format=off",
            "--set", "pools.default.healthCheck.interval=500ms",
            "--set", "pools.default.healthCheck.downInterval=500ms",
            "--set", "pools.default.healthCheck.fastInterval=100ms");
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 64 });
        using var end = new CancellationTokenSource();
        var (good, failures) = (0, new System.Collections.Concurrent.ConcurrentBag<string>());
        var load = Enumerable.Range(0, 64).Select(_ => Task.Run(async () =>
        {
            while (!end.IsCancellationRequested)
            {
                using var response = await client.GetAsync(program.Url, CancellationToken.None);
                if (response.IsSuccessStatusCode)
                {
                    Interlocked.Increment(ref good);
                }
                else
                {
                    failures.Add($"{response.StatusCode} {await response.Content.ReadAsStringAsync()}");
                }
            }
        })).ToArray();

        await Eventually.True(() => b.Requests > 1000, "traffic at the backend");
        await b.KillAsync();
        var before = b.Requests;
        await Eventually.True(() => Volatile.Read(ref good) > 10_000, "traffic goes on");
        var watch = Stopwatch.StartNew();
        await b.StartAgainAsync();
        await Eventually.True(() => b.Requests > before, "traffic at the backend again");
        output.WriteLine($"carried traffic again after {watch.Elapsed.TotalSeconds:0.00} s; {good} good requests");
        await Eventually.True(() => b.Requests > before + 1000, "much traffic");
        await end.CancelAsync();
        await Task.WhenAll(load);

        Assert.Empty(failures);
    }
}
