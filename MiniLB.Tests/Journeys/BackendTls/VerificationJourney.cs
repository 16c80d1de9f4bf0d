using System.Net;
using MiniLB.Tests.Journeys.Harness;
using MiniLB.Tests.Journeys.Peers;

namespace MiniLB.Tests.Journeys.BackendTls;

/// <summary>An https backend gets a request only when its certificate holds, and what does not hold is said.</summary>
public sealed class VerificationJourney : IDisposable
{
    private static readonly HttpClient Client = new();

    private readonly TestCertificates _ours = new();

    public void Dispose() => _ours.Dispose();

    [Theory]
    [InlineData("ssl_protocols TLSv1.2;", "TLSv1.2")]
    [InlineData("ssl_protocols TLSv1.3;", "TLSv1.3")]
    public async Task CertificateOfTheNamedAuthority_IsTaken(string setting, string protocol)
    {
        await using var nginx = await NginxPeer.StartTlsAsync(
            _ours.Server("127.0.0.1"), setting + "location / { return 200 $ssl_protocol; }");
        await using var program = await StartAsync(nginx.Url, $"pools.default.tls.ca={_ours.Ca}");

        Assert.Equal(protocol, await Client.GetStringAsync(program.Url));
        await program.SaysAsync("is up: status 200");
    }

    [Fact]
    public async Task CertificateOfAnotherAuthority_IsNotTaken_AndWhatToDoIsSaid()
    {
        using var theirs = new TestCertificates("somebody else");
        await using var nginx = await NginxPeer.StartTlsAsync(theirs.Server("127.0.0.1"), "");

        await FailsAsync(nginx.Url, $"the authority 'CN=somebody else' of its certificate is unknown to tls.ca "
            + $"('{_ours.Ca}')", $"pools.default.tls.ca={_ours.Ca}");
    }

    [Fact]
    public async Task CertificateThatTheSystemDoesNotKnow_NamesTheBundleAndTheKey()
    {
        await using var nginx = await NginxPeer.StartTlsAsync(_ours.Server("127.0.0.1"), "");

        await FailsAsync(nginx.Url, "'): name its certificate with tls.ca, or mount a bundle that has it");
    }

    [Fact]
    public async Task CertificateThatHasExpired_IsNotTaken_AndSinceWhenIsSaid()
    {
        await using var nginx = await NginxPeer.StartTlsAsync(_ours.Expired("127.0.0.1"), "");

        await FailsAsync(nginx.Url, "its certificate has expired at 20", $"pools.default.tls.ca={_ours.Ca}");
    }

    [Fact]
    public async Task CertificateForAnotherName_IsNotTaken_AndBothNamesAreSaid()
    {
        await using var nginx = await NginxPeer.StartTlsAsync(_ours.Server("a.test", "b.test"), "");

        await FailsAsync(nginx.Url, "its certificate is for a.test, b.test; expected 127.0.0.1",
            $"pools.default.tls.ca={_ours.Ca}");
    }

    [Fact]
    public async Task CertificateForClients_IsNotTaken()
    {
        await using var nginx = await NginxPeer.StartTlsAsync(_ours.Client("127.0.0.1"), "");

        await FailsAsync(
            nginx.Url, "its certificate is not for servers", $"pools.default.tls.ca={_ours.Ca}",
            "pools.default.tls.serverName=127.0.0.1");
    }

    [Fact]
    public async Task ServerName_IsAskedForAndVerified()
    {
        await using var nginx = await NginxPeer.StartTlsAsync(
            _ours.Server("a.test"), "location / { return 200 $ssl_server_name; }");
        await using var program = await StartAsync(
            nginx.Url, $"pools.default.tls.ca={_ours.Ca}", "pools.default.tls.serverName=a.test");

        Assert.Equal("a.test", await Client.GetStringAsync(program.Url));
    }

    [Fact]
    public async Task VerifyFalse_TakesAnyCertificate_AndWarns()
    {
        await using var nginx = await NginxPeer.StartTlsAsync(
            _ours.Expired("a.test"), "location / { return 200 hello; }");
        await using var program = await StartAsync(nginx.Url, "pools.default.tls.verify=false");

        Assert.Equal("hello", await Client.GetStringAsync(program.Url));
        Assert.Contains("warning: ", program.Errors, StringComparison.Ordinal);
        await using var check = await RunningProgram.RunAsync(
            "check", "--backend", nginx.Url, "--set", "pools.default.tls.verify=false");
        Assert.Equal(0, check.ExitCode);
        Assert.Contains("pools.default.tls.verify: is false: whoever", check.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BackendThatDoesNotSpeakTls_IsSaid()
    {
        await using var plain = await TestBackend.StartAsync();

        await FailsAsync(plain.Url.Replace("http:", "https:", StringComparison.Ordinal), "it does not speak TLS",
            $"pools.default.tls.ca={_ours.Ca}");
    }

    private static Task<RunningProgram> StartAsync(string url, params string[] settings) =>
        RunningProgram.BalanceAsync(["--backend", url, .. Set(settings)]);

    private static IEnumerable<string> Set(IEnumerable<string> settings) =>
        settings.SelectMany(s => new[] { "--set", s });

    // Seen in the log of its health, by check --probe, and of a request in the failures.
    private static async Task FailsAsync(string url, string reason, params string[] settings)
    {
        await using var program = await StartAsync(url, settings);
        await program.SaysAsync(" is down: ");
        Assert.Contains(reason, program.Errors, StringComparison.Ordinal);

        using var response = await Client.GetAsync(program.Url);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        var (_, failures, _) = await AdminOf.RunAsync(program, "failures");
        Assert.Contains(reason, failures, StringComparison.Ordinal);

        await using var check = await RunningProgram.RunAsync(["check", "--probe", "--backend", url, .. Set(settings)]);
        Assert.Equal(1, check.ExitCode);
        Assert.Contains($"default/{url} is down: ", check.Output, StringComparison.Ordinal);
        Assert.Contains(reason, check.Output, StringComparison.Ordinal);
    }
}
