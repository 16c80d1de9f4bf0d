using MiniLB.BackgroundLoops.Discovery;
using MiniLB.Config;
using MiniLB.Config.Options;

namespace MiniLB.Tests.BackgroundLoops.Discovery;

/// <summary>Which backends a source has, by what servers answer.</summary>
public sealed class SourceLookupTests
{
    private const ushort ServFail = 0x8182;

    private KeptAddresses _kept = new();

    [Fact]
    public async Task Name_HasABackendForEachAddress_CalledByTheName()
    {
        var finding = await FindAsync("https://api.internal:8443", SourceKind.Dns,
            q => q.Answer().Address(q.Type == DnsType.A ? "10.0.0.1" : "fd00::1"));

        Assert.Equal(["https://10.0.0.1:8443", "https://[fd00::1]:8443"], finding.Backends!.Select(b => b.Url));
        Assert.All(finding.Backends!, b => Assert.Equal("api.internal", b.Address.ServerName));
        Assert.Equal("10.0.0.1", finding.Backends![0].Address.Host);
        Assert.Equal("api.internal:8443", finding.Backends[0].Address.Authority);
    }

    [Fact]
    public async Task Service_HasTheTargetsPortsAndLevels()
    {
        var finding = await FindServicesAsync(q => q.Answer()
            .Service(20, 1, 8083, "c.internal").Service(10, 5, 8082, "b.internal").Service(10, 3, 8081, "a.internal")
            .Service(30, 9, 8084, "a.internal"));

        Assert.Equal(
            "10.0.0.1:8081 w3, 10.0.0.2:8082 w5, 10.0.0.3:8083 w1 backup, 10.0.0.1:8084 w9 backup", Text(finding));
        Assert.Null(finding.Problem);
        Assert.All(finding.Backends!, b => Assert.Equal("api.internal", b.Address.ServerName));
    }

    [Fact]
    public async Task RecordsThatNameNoServer_AreLeftOut()
    {
        var finding = await FindServicesAsync(q => q.Answer()
            .Service(0, 0, 80, ".").Service(0, 0, 0, "a.internal").Service(0, 0, 80, "b c.internal"));

        Assert.Equal(("", null), (Text(finding), finding.Problem));
    }

    [Fact]
    public async Task TargetThatCannotBeLookedUp_LeavesItsLastAddress_AndTheOthers()
    {
        DnsMessage Two(Question q) => q.Answer().Service(0, 1, 80, "a.internal").Service(0, 1, 80, "b.internal");
        await FindServicesAsync(Two);

        var finding = await FindServicesAsync(Two, failing: "a.internal");

        Assert.Equal("10.0.0.1 w1, 10.0.0.2 w1", Text(finding));
        Assert.Equal("target a.internal: 127.0.0.1: it has failed (SERVFAIL)", finding.Problem);
    }

    [Fact]
    public async Task ServiceThatCannotBeLookedUp_SaysNothingAnew()
    {
        var finding = await FindServicesAsync(q => q.Answer(ServFail));

        Assert.Null(finding.Backends);
        Assert.Equal("127.0.0.1: it has failed (SERVFAIL)", finding.Problem);
    }

    [Fact]
    public async Task MoreTargetsThanAreLookedUp_AreCut_AndThatIsSaid()
    {
        var finding = await FindServicesAsync(q =>
        {
            var message = q.Answer(q.IsTcp ? (ushort)0x8180 : (ushort)0x8380);
            for (var i = 0; i < 1100 && q.IsTcp; i++)
            {
                message.Service(0, 1, 1000 + i, "a.internal");
            }

            return message;
        });

        Assert.Equal(1024, finding.Backends!.Count);
        Assert.Equal("it has 1100 records, of which the first 1024 are used", finding.Problem);
    }

    private Task<SourceFinding> FindServicesAsync(Func<Question, DnsMessage> services, string? failing = null) => FindAsync(
        "http://_http._tcp.api.internal", SourceKind.Srv, q =>
            q.Type == DnsType.Srv ? services(q)
            : q.Name == failing ? q.Answer(ServFail)
            : q.Type == DnsType.A ? q.Answer().Address($"10.0.0.{q.Name[0] - 'a' + 1}")
            : q.Answer());

    private async Task<SourceFinding> FindAsync(string url, SourceKind kind, Func<Question, DnsMessage> answer)
    {
        BackendSource source;
        Assert.Null(kind == SourceKind.Dns
            ? SourceName.ParseDns(url, out source)
            : SourceName.ParseSrv(url, out source));
        using var server = new FakeDnsServer(q => [answer(q).Bytes]);
        var settings = FakeDnsServer.Settings(server);
        using var client = new DnsClient(() => settings, TimeProvider.System);
        var hosts = HostsFile.Parse("");
        var lookup = new SourceLookup(new NameLookup(client, () => settings, () => hosts));
        var finding = await lookup.OfAsync(source, _kept, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
        _kept = finding.Kept;
        return finding;
    }

    private static string Text(SourceFinding finding) => string.Join(", ", finding.Backends!.Select(
        b => $"{b.Url["http://".Length..]} w{b.Weight}{(b.IsBackup ? " backup" : "")}"));
}
