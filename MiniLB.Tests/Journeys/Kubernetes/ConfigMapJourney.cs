using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Kubernetes;

/// <summary>A ConfigMap that changes is a reload, although nothing about the file itself is ever written.</summary>
public sealed class ConfigMapJourney : IDisposable
{
    private static readonly HttpClient Client = new();

    private readonly ConfigMapVolume _volume = new();

    public void Dispose() => _volume.Dispose();

    [Fact]
    public async Task ExchangedLink_IsObeyed_AndLosesNoRequest()
    {
        await using var a = await TestBackend.StartAsync("a");
        await using var b = await TestBackend.StartAsync("b");
        await using var program = await StartAsync(a.Url);
        using var enough = new CancellationTokenSource();
        var load = Task.WhenAll(Enumerable.Range(0, 8).Select(_ => GetUntilAsync(program.Url, enough.Token)));

        for (var i = 0; i < 6; i++)
        {
            var (backend, text) = i % 2 == 0 ? (b, "b") : (a, "a");
            await _volume.WriteAsync("minilb.yaml", Pool(backend.Url));
            await Eventually.True(
                async () => await Client.GetStringAsync(program.Url) == text, $"change {i}", () => program.Errors);
        }

        await enough.CancelAsync();
        Assert.All(await load, served => Assert.True(served > 0));
        // Told once it is obeyed, so perhaps not yet.
        await Eventually.True(
            () => program.Errors.Split("configuration: + pools.web.backends ").Length - 1 == 6, "all changes are told",
            () => program.Errors);
        Assert.Equal(0, await program.StopAsync());
        program.SaysNothingOfExceptions();
    }

    [Fact]
    public async Task BadRevision_ChangesNothing_AndTheNextIsObeyed()
    {
        await using var a = await TestBackend.StartAsync("a");
        await using var b = await TestBackend.StartAsync("b");
        await using var program = await StartAsync(a.Url);

        await _volume.WriteAsync("minilb.yaml", Pool("htp://nothing"));
        await program.SaysAsync("configuration not reloaded");
        Assert.Equal("a", await Client.GetStringAsync(program.Url));

        await _volume.WriteAsync("minilb.yaml", Pool(b.Url));
        await Eventually.True(
            async () => await Client.GetStringAsync(program.Url) == "b", "the other backend", () => program.Errors);
    }

    private static string Pool(string backend) => $"pools:\n  web:\n    backends:\n      - {backend}\n";

    private static async Task<int> GetUntilAsync(Uri url, CancellationToken enough)
    {
        var served = 0;
        for (; !enough.IsCancellationRequested; served++)
        {
            Assert.Matches("^[ab]$", await Client.GetStringAsync(url, CancellationToken.None));
        }

        return served;
    }

    private async Task<RunningProgram> StartAsync(string backend)
    {
        await _volume.WriteAsync("minilb.yaml", Pool(backend));
        return await RunningProgram.BalanceAsync("--config", _volume.File("minilb.yaml"));
    }
}
