using MiniLB.Tests.Journeys.Harness;
using Xunit.Abstractions;

namespace MiniLB.Tests.Journeys.Discovery;

/// <summary>SRV records say where the servers of a service are, and how much each is to be given.</summary>
public sealed class SrvJourney(ITestOutputHelper output)
{
    [Fact]
    public async Task Records_ThatChangeUnderLoad_FailNoRequest()
    {
        await using var backends = await AddressedBackends.StartAsync(4);
        await using var dns = await Dnsmasq.StartAsync();
        Hosts(dns, backends);
        await dns.RestartAsync(Record(backends, 0, 10, 1));
        await using var program = await BalanceAsync(dns);
        using var discovered = new DiscoveredBackends(program);
        await using var load = new GetLoad(program.Url, connections: 16);
        for (var change = 0; change < 20; change++)
        {
            // One server leads with a weight of its own, the next one helps, a third is in reserve.
            var (first, second, third) = (change % 4, (change + 1) % 4, (change + 2) % 4);
            await dns.RestartAsync(Record(backends, first, 10, change + 1) + Record(backends, second, 10, 3)
                + Record(backends, third, 20, 5));
            await discovered.AreAsync(
                $"{backends.UrlOf(first)} x{change + 1}", $"{backends.UrlOf(second)} x3",
                $"{backends.UrlOf(third)} x5 backup");
            await load.GoesOnAsync(100);
        }

        await load.EndAsync();
        output.WriteLine($"20 changes, {load.Good} requests answered, {load.Failures.Count} failed");
        Assert.Empty(load.Failures);
        Assert.Equal([$"api.internal:{backends.Port}"], backends.ProbedHosts.Keys);
        program.SaysNothingOfExceptions();
    }

    // Longer than a datagram may be: dnsmasq cuts it, and tells it over TCP.
    [Fact]
    public async Task ManyRecords_AreAskedForOverTcp()
    {
        await using var backends = await AddressedBackends.StartAsync(1);
        await using var dns = await Dnsmasq.StartAsync();
        var names = Enumerable.Range(0, 60).Select(i => $"server-with-a-long-name-number-{i}").ToArray();
        dns.Hosts([.. names.Select((n, i) => $"127.99.0.{i + 1} {n}.internal")]);
        await dns.RestartAsync(string.Concat(names.Select(
            n => $"srv-host=_http._tcp.api.internal,{n}.internal,{backends.Port},1,1\n")));
        await using var program = await BalanceAsync(dns);
        using var discovered = new DiscoveredBackends(program);

        Assert.Equal(60, (await discovered.NowAsync()).Length);
        Assert.Equal(60, await discovered.MetricAsync("minilb_discovery_backends"));
    }

    private static void Hosts(Dnsmasq dns, AddressedBackends backends) =>
        dns.Hosts([.. backends.Addresses.Select((a, i) => $"{a} s{i}.internal")]);

    private static string Record(AddressedBackends backends, int server, int priority, int weight) =>
        $"srv-host=_http._tcp.api.internal,s{server}.internal,{backends.Port},{priority},{weight}\n";

    private static Task<RunningProgram> BalanceAsync(Dnsmasq dns) =>
        dns.BalanceAsync("--backend", "srv:http://_http._tcp.api.internal,refresh=100ms");
}
