using System.Net;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Limits;

/// <summary>A process that has run out of descriptors holds that against no backend, and can still be asked.</summary>
public sealed class OutOfDescriptorsJourney
{
    private const int Clients = 60;

    // As many as are left when all is taken decide who gets the last ones: one after another.
    [Theory]
    [InlineData(17)]
    [InlineData(18)]
    [InlineData(19)]
    [InlineData(20)]
    [InlineData(21)]
    [InlineData(22)]
    public async Task BackendsStayUp_OperatorsComeIn_AndAllIsWellAfterwards(int free)
    {
        await using var backend = await TestBackend.StartAsync();
        await using var program = await FewDescriptors.BalanceAsync(
            "--backend", backend.Url, "--set", "timeouts.read=0",
            "--set", "pools.default.healthCheck.interval=50ms", "--set", "pools.default.healthCheck.fall=1",
            "--set", "pools.default.ejection.failures=1", "--set", "pools.default.retry.attempts=1");
        using var client = new HttpClient();
        Assert.Equal("hello", await client.GetStringAsync(program.Url));
        await client.GetStringAsync(new Uri(program.AdminUrl, "/stats"));
        await FewDescriptors.LimitAsync(program, $"{FewDescriptors.Open(program) + free}");

        var clients = new List<RawConnection>();
        for (var i = 0; i < Clients; i++)
        {
            clients.Add(await RawConnection.OpenAsync(program.Url));
            await clients[^1].SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        }

        await program.SaysAsync("accepting on");
        await Eventually.True(() => program.Errors.Split("accepting on").Length > 4, "several pauses");
        await Eventually.True(async () => await IsAskedAsync(program), "the admin address answers");
        Assert.DoesNotContain("is down", program.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("out of rotation", program.Errors, StringComparison.Ordinal);

        foreach (var open in clients)
        {
            await open.DisposeAsync();
        }

        await Eventually.True(
            async () => (await client.GetAsync(program.Url)).StatusCode == HttpStatusCode.OK, "requests are served");
        Assert.DoesNotContain("is down", program.Errors, StringComparison.Ordinal);
        Assert.Equal(0, await program.StopAsync());
    }

    private static async Task<bool> IsAskedAsync(RunningProgram program)
    {
        try
        {
            using var operators = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
            return (await operators.GetAsync(new Uri(program.AdminUrl, "/health"))).StatusCode == HttpStatusCode.OK;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }
}
