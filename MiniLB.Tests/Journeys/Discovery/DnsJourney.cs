using MiniLB.Tests.Journeys.Harness;
using Xunit.Abstractions;

namespace MiniLB.Tests.Journeys.Discovery;

/// <summary>The addresses behind a name come and go, and no request is lost by it.</summary>
public sealed class DnsJourney(ITestOutputHelper output)
{
    private const int Connections = 16;

    [Fact]
    public async Task Answers_ThatChangeUnderLoad_FailNoRequest()
    {
        await using var backends = await AddressedBackends.StartAsync(8);
        await using var dns = await Dnsmasq.StartAsync(backends.Addresses[..2]);
        await using var program = await BalanceAsync(dns, backends);
        using var discovered = new DiscoveredBackends(program);
        await using var load = new GetLoad(program.Url, Connections);
        var random = new Random(8);
        for (var change = 0; change < 30; change++)
        {
            // All of them, one, and any others: also such that none of the last ones stays.
            int[] wanted = change % 10 == 9 ? [change / 10] : [.. Enumerable.Range(0, 8).Where(_ => random.Next(2) == 0)];
            wanted = wanted.Length == 0 ? [.. Enumerable.Range(0, 8)] : wanted;
            dns.Answer([.. wanted.Select(i => backends.Addresses[i])]);
            await discovered.AreAsync([.. wanted.Select(backends.UrlOf)]);
            await load.GoesOnAsync(100);
        }

        await load.EndAsync();

        output.WriteLine($"30 changes, {load.Good} requests answered, {load.Failures.Count} failed");
        Assert.Empty(load.Failures);
        Assert.Equal(8, backends.Served.Count);
        Assert.Equal([$"api.internal:{backends.Port}"], backends.ProbedHosts.Keys);
        program.SaysNothingOfExceptions();
    }

    [Fact]
    public async Task ServerThatDiesUnderLoad_LeavesTheLastAnswer_UntilItIsBack()
    {
        await using var backends = await AddressedBackends.StartAsync(3);
        await using var dns = await Dnsmasq.StartAsync(backends.Addresses[..2]);
        await using var program = await BalanceAsync(dns, backends);
        using var discovered = new DiscoveredBackends(program);
        await using var load = new GetLoad(program.Url, Connections);
        await load.GoesOnAsync(100);

        dns.Kill();
        await Eventually.True(
            async () => await discovered.MetricAsync("minilb_discovery_failures_total") >= 5, "five failures");
        await load.GoesOnAsync(200);
        await discovered.AreAsync(backends.UrlOf(0), backends.UrlOf(1));
        Assert.Equal(1, CountOf(program, "cannot be looked up"));
        var last = await discovered.MetricAsync("minilb_discovery_last_success_timestamp_seconds");
        Assert.InRange(last, 1, DateTimeOffset.UtcNow.ToUnixTimeSeconds());

        dns.Answer(backends.Addresses[1..]);
        await dns.StartAgainAsync();
        await discovered.AreAsync(backends.UrlOf(1), backends.UrlOf(2));
        await load.GoesOnAsync(100);
        await load.EndAsync();

        output.WriteLine($"server killed: {load.Good} requests answered, {load.Failures.Count} failed");
        Assert.Empty(load.Failures);
        await program.SaysAsync($"dns http://api.internal:{backends.Port} is looked up again, backends: 2");
    }

    [Fact]
    public async Task AddressThatLeaves_FinishesItsRequest_AndItsConnectionsAreClosed()
    {
        await using var backends = await AddressedBackends.StartAsync(2);
        await using var dns = await Dnsmasq.StartAsync(backends.Addresses[0]);
        await using var program = await BalanceAsync(dns, backends);
        using var discovered = new DiscoveredBackends(program);
        using var client = new HttpClient();
        var slow = client.GetStringAsync(new Uri(program.Url, "/slow"));
        Assert.Equal(backends.Addresses[0], await backends.Held.Task.WaitAsync(TimeSpan.FromSeconds(30)));

        dns.Answer(backends.Addresses[1]);
        await discovered.AreAsync(backends.UrlOf(1));
        Assert.Equal(backends.Addresses[1], await client.GetStringAsync(program.Url));
        backends.Release.SetResult();

        Assert.Equal(backends.Addresses[0], await slow);
        var address = System.Net.IPAddress.Parse(backends.Addresses[0]);
        await Eventually.True(
            () => !System.Net.NetworkInformation.IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpConnections()
                .Any(c => c.State == System.Net.NetworkInformation.TcpState.Established
                    && c.RemoteEndPoint.Address.Equals(address)),
            "no connection to the address that has left");
    }

    [Fact]
    public async Task NameWithoutAddresses_StartsAndAnswers503_UntilThereAreSome()
    {
        await using var backends = await AddressedBackends.StartAsync(1);
        await using var dns = await Dnsmasq.StartAsync();
        dns.Hosts("fd00::1 other.internal"); // api.internal does not exist
        await using var program = await BalanceAsync(dns, backends);
        using var discovered = new DiscoveredBackends(program);
        using var client = new HttpClient();

        using (var none = await client.GetAsync(program.Url))
        {
            Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, none.StatusCode);
        }

        await program.SaysAsync("pool default has no backend; its requests are answered 503");
        await program.SaysAsync("there is no such name (NXDOMAIN)");
        dns.Answer(backends.Addresses[0]);
        await discovered.AreAsync(backends.UrlOf(0));
        Assert.Equal(backends.Addresses[0], await client.GetStringAsync(program.Url));
    }

    [Fact]
    public async Task ServerThatIsSilent_DelaysTheStartAndStopsNothingElse()
    {
        await using var backends = await AddressedBackends.StartAsync(1);
        await using var dns = await Dnsmasq.AwayAsync();
        // Takes questions, and answers none.
        using var silent = new System.Net.Sockets.UdpClient(new System.Net.IPEndPoint(dns.Address, 53));
        var arguments = Enumerable.Range(0, 200).SelectMany(
            i => (string[])["--backend", $"dns:http://n{i}.internal,refresh=100ms"]);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        await using var program = await dns.BalanceAsync(
            [.. arguments, "--backend", $"dns:http://localhost:{backends.Port},refresh=100ms",
                "--backend", backends.UrlOf(0)]);
        output.WriteLine($"served after {watch.Elapsed.TotalSeconds:0.0} s");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(25), $"{watch.Elapsed}");
        using var client = new HttpClient();

        await Eventually.True(
            async () => await client.GetStringAsync(program.Url) == backends.Addresses[0], "the listed backend");
        // Another name, which needs no server, is not behind those that wait.
        await program.SaysAsync($"+ pools.default.backends http://127.0.0.1:{backends.Port}");
        watch.Restart();
        Assert.Equal(0, await program.StopAsync());
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{watch.Elapsed}");
    }

    [Fact]
    public async Task ReloadFromAddressesToTheirName_FailsNoRequest_AndKeepsWhatIsKnown()
    {
        using var folder = new TemporaryFolder();
        await using var backends = await AddressedBackends.StartAsync(2);
        await using var dns = await Dnsmasq.StartAsync(backends.Addresses);
        var file = folder.Write("minilb.yaml", Pool($"[{backends.UrlOf(0)}]"));
        await using var program = await dns.BalanceAsync("--config", file);
        using var discovered = new DiscoveredBackends(program);
        await using var load = new GetLoad(program.Url, Connections);
        await load.GoesOnAsync(100);

        for (var i = 0; i < 5; i++)
        {
            folder.Write("minilb.yaml", Pool($"[{{ dns: \"http://api.internal:{backends.Port}\", refresh: {i + 1}00ms }}]"));
            program.Signal("HUP");
            await discovered.AreAsync(backends.UrlOf(0), backends.UrlOf(1));
            await load.GoesOnAsync(50);
            folder.Write("minilb.yaml", Pool($"[{backends.UrlOf(i % 2)}]"));
            program.Signal("HUP");
            await discovered.AreAsync(backends.UrlOf(i % 2));
            await load.GoesOnAsync(50);
        }

        await load.EndAsync();
        output.WriteLine($"10 reloads: {load.Good} requests answered, {load.Failures.Count} failed");
        Assert.Empty(load.Failures);
        await program.SaysAsync($"+ pools.default.backends dns http://api.internal:{backends.Port} refresh=200ms");
    }

    private static string Pool(string backends) => $"pools:\n  default:\n    backends: {backends}\n";

    private static Task<RunningProgram> BalanceAsync(Dnsmasq dns, AddressedBackends backends) =>
        dns.BalanceAsync("--backend", $"dns:http://api.internal:{backends.Port},refresh=100ms");

    private static int CountOf(RunningProgram program, string text) =>
        program.Errors.Split(text).Length - 1;
}
