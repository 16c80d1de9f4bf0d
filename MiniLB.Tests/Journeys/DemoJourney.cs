using System.Text.RegularExpressions;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys;

/// <summary>What minilb demo tells a newcomer to try does what it says.</summary>
public sealed class DemoJourney
{
    [Fact]
    public async Task EachCurlLine_DoesWhatItSays()
    {
        await using var demo = RunningProgram.Start("demo", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0");
        await demo.WaitUntilServingAsync();
        await Eventually.True(() => demo.Output.Contains("Ctrl-C", StringComparison.Ordinal), "the explanation");
        var urls = Regex.Matches(demo.Output, @"curl (http://\S+)").Select(m => new Uri(m.Groups[1].Value)).ToArray();
        using var client = new HttpClient();
        var (front, health, breaks, mends, ready) = (urls[0], urls[1], urls[2], urls[4], urls[5]);

        var answers = new[]
        {
            await client.GetStringAsync(front), await client.GetStringAsync(front), await client.GetStringAsync(front),
        };
        Assert.Equal(
            ["hello from backend 1\n", "hello from backend 2, the slow one\n",
                "hello from backend 3\n"], answers.Order());
        var dashboard = Regex.Match(demo.Output, @"The dashboard, in a browser: (http://\S+)").Groups[1].Value;
        Assert.Contains("<title>MiniLB", await client.GetStringAsync(new Uri(dashboard)), StringComparison.Ordinal);
        Assert.Contains("\"alive\":3", await client.GetStringAsync(health), StringComparison.Ordinal);
        Assert.Equal("ready\n", await client.GetStringAsync(ready));
        await client.GetStringAsync(breaks);
        await Eventually.True(async () => await IsAliveAsync(client, health, 2), "backend 3 leaves");
        await client.GetStringAsync(mends);
        await Eventually.True(async () => await IsAliveAsync(client, health, 3), "backend 3 returns");
        demo.Signal("INT");
        Assert.Equal(0, await demo.WaitForEndAsync());
    }

    private static async Task<bool> IsAliveAsync(HttpClient client, Uri health, int alive) =>
        (await client.GetStringAsync(health)).Contains($"\"alive\":{alive}", StringComparison.Ordinal);
}
