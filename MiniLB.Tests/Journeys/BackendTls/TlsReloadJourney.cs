using System.Net;
using MiniLB.Tests.Journeys.Harness;
using MiniLB.Tests.Journeys.Peers;

namespace MiniLB.Tests.Journeys.BackendTls;

/// <summary>Other TLS settings take effect on the next connection, and no request is lost by it.</summary>
public sealed class TlsReloadJourney : IDisposable
{
    private static readonly HttpClient Client = new();

    private readonly TestCertificates _ours = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _ours.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("1.1", "ssl")]
    [InlineData("auto", "ssl http2")]
    [InlineData("2", "ssl http2")]
    public async Task ClientCertificateThatIsReplacedUnderLoad_FailsNothing_AndTheOldOneIsShownNoMore(
        string http, string listen)
    {
        var certificate = _ours.Server("127.0.0.1");
        await using var nginx = await NginxPeer.StartTlsAsync(certificate, "");
        await nginx.StartAgainAsync(certificate, listen, $$"""
            ssl_client_certificate {{_ours.Ca}}; ssl_verify_client on; keepalive_requests 1000000;
            location / { return 200 $ssl_client_s_dn; }
            """);
        var configuration = Write(nginx.Url, http, "one");
        await using var program = await RunningProgram.BalanceAsync("--config", configuration);
        Assert.Equal("CN=one", await Client.GetStringAsync(program.Url));
        await using var load = new GetLoad(program.Url, 8);
        await load.GoesOnAsync(300);

        foreach (var name in new[] { "two", "three", "four" })
        {
            Write(nginx.Url, http, name);
            await AdminOf.DoAsync(program, "reload");
            // A request that was begun before may still use what there was; the next one does not.
            await load.GoesOnAsync(100);
            for (var i = 0; i < 20; i++)
            {
                Assert.Equal($"CN={name}", await Client.GetStringAsync(program.Url));
            }
        }

        await load.EndAsync();
        Assert.Empty(load.Failures);
    }

    [Fact]
    public async Task AuthorityThatIsTakenAway_ClosesWhatItHadVouchedFor()
    {
        using var others = new TestCertificates("the other one");
        await using var nginx = await NginxPeer.StartTlsAsync(
            _ours.Server("127.0.0.1"), "location / { return 200 hello; }");
        var configuration = Write(nginx.Url, "1.1", "one");
        await using var program = await RunningProgram.BalanceAsync("--config", configuration);
        Assert.Equal("hello", await Client.GetStringAsync(program.Url));

        Write(nginx.Url, "1.1", "one", others.Ca);
        await AdminOf.DoAsync(program, "reload");

        using var response = await Client.GetAsync(program.Url);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        var (_, failures, _) = await AdminOf.RunAsync(program, "failures");
        Assert.Contains("is unknown to tls.ca", failures, StringComparison.Ordinal);
    }

    [Fact]
    public async Task VerifyThatIsTurnedOff_WarnsInTheLog()
    {
        await using var nginx = await NginxPeer.StartTlsAsync(_ours.Server("127.0.0.1"), "");
        var configuration = Write(nginx.Url, "1.1", "one");
        await using var program = await RunningProgram.BalanceAsync("--config", configuration);

        File.WriteAllText(configuration, File.ReadAllText(configuration)
            .Replace("\"tls\": {", "\"tls\": { \"verify\": false,", StringComparison.Ordinal));
        await AdminOf.DoAsync(program, "reload");

        await program.SaysAsync("pools.default.tls.verify: is false: whoever answers");
    }

    private string Write(string url, string http, string client, string? ca = null)
    {
        var (certificate, key) = _ours.Client(client);
        return _folder.Write("minilb.json", $$"""
            { "accessLog": { "format": "off" }, "pools": { "default": {
              "http": "{{http}}", "backends": ["{{url}}"], "healthCheck": { "enabled": false },
              "tls": { "ca": "{{ca ?? _ours.Ca}}", "certificate": "{{certificate}}", "key": "{{key}}" } } } }
            """);
    }
}
