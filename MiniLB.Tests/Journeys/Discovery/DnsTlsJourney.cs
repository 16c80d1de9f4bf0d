using Microsoft.AspNetCore.Hosting;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Discovery;

/// <summary>Behind https the backends that a name has must have a certificate for that name, wherever they are.</summary>
public sealed class DnsTlsJourney : IDisposable
{
    private readonly TestCertificates _ours = new();

    public void Dispose() => _ours.Dispose();

    [Theory]
    [InlineData("dns:https://api.internal:{0}", "1.1")]
    [InlineData("dns:https://api.internal:{0}", "2")]
    [InlineData("srv:https://_https._tcp.api.internal", "1.1")]
    public async Task CertificateForTheName_IsTaken_AndAskedForByIt(string source, string http)
    {
        string? asked = null;
        await using var backends = await AddressedBackends.StartAsync(2, listen => listen.UseHttps(https =>
            https.ServerCertificateSelector = (_, name) =>
            {
                asked = name;
                return TestCertificates.Load(_ours.Server("api.internal"));
            }));
        await using var dns = await ServeAsync(backends);
        await using var program = await BalanceAsync(dns, string.Format(
            System.Globalization.CultureInfo.InvariantCulture, source, backends.Port), http);
        using var client = new HttpClient();

        await program.SaysAsync($"backend https://{backends.Addresses[1]}:{backends.Port} is up");
        Assert.Contains(await client.GetStringAsync(program.Url), backends.Addresses);
        Assert.Equal("api.internal", asked);
        Assert.Equal([$"api.internal:{backends.Port}"], backends.ProbedHosts.Keys);
    }

    // Who forges the answer may send requests to a server of his own, and have a certificate for its name.
    [Fact]
    public async Task CertificateForTheTargetOfARecord_IsNotEnough()
    {
        await using var backends = await AddressedBackends.StartAsync(1, listen => listen.UseHttps(
            TestCertificates.Load(_ours.Server("s0.internal", "127.0.0.1"))));
        await using var dns = await ServeAsync(backends);
        await using var program = await BalanceAsync(dns, "srv:https://_https._tcp.api.internal", "1.1");

        await program.SaysAsync("is down: its certificate is for s0.internal, 127.0.0.1; expected api.internal");
    }

    private static async Task<Dnsmasq> ServeAsync(AddressedBackends backends)
    {
        var dns = await Dnsmasq.StartAsync();
        dns.Hosts([.. backends.Addresses.SelectMany((a, i) => (string[])[$"{a} api.internal", $"{a} s{i}.internal"])]);
        await dns.RestartAsync(string.Concat(backends.Addresses.Select(
            (_, i) => $"srv-host=_https._tcp.api.internal,s{i}.internal,{backends.Port},1,1\n")));
        return dns;
    }

    private Task<RunningProgram> BalanceAsync(Dnsmasq dns, string source, string http) => dns.BalanceAsync(
        "--backend", source + ",refresh=100ms", "--set", $"pools.default.tls.ca={_ours.Ca}",
        "--set", $"pools.default.http={http}");
}
