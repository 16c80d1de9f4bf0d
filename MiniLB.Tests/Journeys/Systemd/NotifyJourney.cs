using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Systemd;

/// <summary>The service manager hears when clients are served, how the backends are, of reloads, and of the
/// stop.</summary>
public sealed class NotifyJourney
{
    [Fact]
    public async Task Life_IsToldInOrder()
    {
        using var manager = new ServiceManager();
        await using var a = await TestBackend.StartAsync();
        await using var b = await TestBackend.StartAsync();
        await using var program = Start(
            manager, a.Url, "--backend", b.Url, "--set", "pools.default.healthCheck.interval=100ms");

        await manager.HearsAsync("READY=1\nSTATUS=serving; 2 of 2 backends up");
        await b.KillAsync();
        await manager.HearsAsync("STATUS=serving; 1 of 2 backends up");
        await b.StartAgainAsync();
        await manager.HearsAsync("STATUS=serving; 2 of 2 backends up");
        program.Signal("HUP");
        await manager.HearsAsync("READY=1");
        Assert.Equal(0, await program.StopAsync());
        await manager.HearsAsync("EXTEND_TIMEOUT_USEC=35000000"); // shutdown.grace and 5 s

        var reloading = manager.News.Single(
            m => m.StartsWith("RELOADING=1\nMONOTONIC_USEC=", StringComparison.Ordinal));
        // How often a status is said again, and whether the stop is long enough for one, depends on the machine.
        Assert.Equal(
            [
                "READY=1\nSTATUS=serving; 2 of 2 backends up", "STATUS=serving; 1 of 2 backends up",
                "STATUS=serving; 2 of 2 backends up", reloading, "READY=1", "STOPPING=1\nSTATUS=stopping",
                "EXTEND_TIMEOUT_USEC=35000000",
            ],
            manager.News.Where(m => !m.StartsWith("STATUS=stopping;", StringComparison.Ordinal)).Distinct());
        Assert.Equal(0, manager.Pings);
        program.SaysNothingOfExceptions();
    }

    [Fact]
    public async Task AbstractAddress_IsAnAddress()
    {
        using var manager = new ServiceManager($"@minilb-test-{Guid.NewGuid():n}");
        await using var program = Start(manager, "http://127.0.0.1:1");

        await manager.HearsAsync("READY=1\nSTATUS=serving; 0 of 1 backends up");
    }

    [Fact]
    public async Task ConfigurationThatIsRefused_IsSaidInTheStatus()
    {
        using var manager = new ServiceManager();
        using var folder = new TemporaryFolder();
        var file = folder.Write("minilb.yaml", "pools: { web: { backends: [\"http://127.0.0.1:1\"] } }");
        await using var program = RunningProgram.Start(
            manager.Environment(), "--config", file, "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0");
        await manager.HearsAsync("READY=1\nSTATUS=serving; 0 of 1 backends up");

        File.WriteAllText(file, "pools: { web: { backends: [\"htp://127.0.0.1:1\"] } }");

        await manager.HearsAsync(
            "STATUS=serving; 0 of 1 backends up; the changed configuration is not in effect, errors: 1");
    }

    // Nobody at the address, and addresses that are none.
    [Theory]
    [InlineData("/nonexistent/notify")]
    [InlineData("vsock:2:1234")]
    public async Task ManagerThatIsNotThere_IsSaidOnce_AndClientsAreServed(string address)
    {
        await using var backend = await TestBackend.StartAsync();
        await using var program = RunningProgram.Start(
            new Dictionary<string, string> { ["NOTIFY_SOCKET"] = address, ["WATCHDOG_USEC"] = "200000" },
            "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--backend", backend.Url);
        await program.WaitUntilServingAsync();

        await program.SaysAsync($"the service manager does not hear: NOTIFY_SOCKET: '{address}'");
        using var client = new HttpClient();
        Assert.Equal("hello", await client.GetStringAsync(program.Url));
        Assert.Equal(0, await program.StopAsync());
        Assert.Equal(2, program.Errors.Split("does not hear").Length);
    }

    private static RunningProgram Start(ServiceManager manager, string backend, params string[] arguments) =>
        RunningProgram.Start(
            manager.Environment(),
            ["--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--backend", backend, .. arguments]);
}
