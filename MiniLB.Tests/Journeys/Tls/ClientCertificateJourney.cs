using System.Security.Authentication;
using Microsoft.AspNetCore.Http;
using MiniLB.Tests.Certificates;
using MiniLB.Tests.Journeys.Harness;
using MiniLB.Tests.Journeys.Peers;

namespace MiniLB.Tests.Journeys.Tls;

/// <summary>Clients show certificates, and backends are told whose they are; nobody can pretend.</summary>
public sealed class ClientCertificateJourney
{
    private const string Required = ", \"clientCertificates\": \"required\", \"clientCa\": \"CA\"";
    private const string Optional = ", \"clientCertificates\": \"optional\", \"clientCa\": \"CA\"";

    [Theory]
    [InlineData(SslProtocols.Tls12, "--http1.1")]
    [InlineData(SslProtocols.Tls13, "--http2")]
    public async Task Client_WithAGoodCertificate_IsKnownToTheBackend(SslProtocols protocol, string http)
    {
        await using var rig = await TlsRig.StartAsync(TellAsync, Required);
        var client = rig.Authority.Issue("CN=alice, O=Example", [], use: TestAuthority.ClientUse);
        rig.Write("client", client);
        using var certificate = client.WithKey();

        var curl = await rig.CurlAsync("/", http, protocol == SslProtocols.Tls12 ? "--tls-max" : "--tlsv1.3",
            protocol == SslProtocols.Tls12 ? "1.2" : "-s",
            "--cert", rig.FileOf("client.pem"), "--key", rig.FileOf("client.key"),
            "-H", "X-Client-Cert-Subject: CN=root", "-H", "x_client_cert_fingerprint: 00",
            "-H", "X-Client-Cert-Verify: SUCCESS");

        Assert.Equal(
            "CN=alice, O=Example "
            + certificate.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256).ToLowerInvariant()
            + "  ", curl.Output);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("server use")]
    [InlineData("other authority")]
    [InlineData("expired")]
    public async Task Client_WithoutAGoodOne_GetsNoAnswer_WhereOneIsRequired(string kind)
    {
        await using var rig = await TlsRig.StartAsync(TellAsync, Required);

        var curl = await rig.CurlAsync("/", Shown(rig, kind));

        Assert.NotEqual(0, curl.ExitCode);
        Assert.Equal("", curl.Output);
        Assert.Equal(0, rig.Backend.Requests);
        Assert.Contains("minilb_refusals_total{reason=\"tls_handshake\"} 1\n", await rig.MetricsAsync(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_WithoutOne_IsServed_WhereOneIsOptional_AndCannotPretend()
    {
        await using var rig = await TlsRig.StartAsync(TellAsync, Optional);

        var curl = await rig.CurlAsync(
            "/", "-H", "X-Client-Cert-Subject: CN=root", "-H", "X-CLIENT_CERT-Fingerprint: 00");

        Assert.Equal("   ", curl.Output);
    }

    [Theory]
    [InlineData("server use")]
    [InlineData("other authority")]
    [InlineData("expired")]
    public async Task Client_WithABadOne_GetsNoAnswer_WhereOneIsOptional(string kind)
    {
        await using var rig = await TlsRig.StartAsync(TellAsync, Optional);

        Assert.NotEqual(0, (await rig.CurlAsync("/", Shown(rig, kind))).ExitCode);
        Assert.Equal(0, rig.Backend.Requests);
    }

    // OpenSSL keeps the keys of tickets with the certificate, which both listeners show.
    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task Session_OfAListenerThatAsksForNothing_IsNoWayIn(string version)
    {
        await using var rig = await TlsRig.StartAsync(TellAsync);
        var text = await File.ReadAllTextAsync(rig.FileOf("minilb.json"));
        var open = rig.Program.Url.Port;
        await OpenSslAsync(rig, open, version, "-sess_out", rig.FileOf("session.pem"));
        Assert.Equal(1, rig.Backend.Requests);
        await File.WriteAllTextAsync(rig.FileOf("minilb.json"), text.Replace(
            "\"tls\": { \"certificates\"",
            $"\"tls\": {{ \"clientCertificates\": \"required\", \"clientCa\": \"{rig.AuthorityFile}\", \"certificates\"",
            StringComparison.Ordinal));
        await rig.Program.SaysAsync("configuration read again");

        await OpenSslAsync(rig, open, version, "-sess_in", rig.FileOf("session.pem"));

        Assert.Equal(1, rig.Backend.Requests);
        await Eventually.True(async () => (await rig.MetricsAsync()).Contains(
            "minilb_refusals_total{reason=\"tls_handshake\"} 1\n", StringComparison.Ordinal), "the refusal");
    }

    private static Task<Tool> OpenSslAsync(TlsRig rig, int port, params string[] arguments) => Tool.RunAsync(
        "GET / HTTP/1.1\r\nHost: site.test\r\nConnection: close\r\n\r\n"u8.ToArray(), "openssl",
        ["s_client", "-connect", $"127.0.0.1:{port}", "-servername", "site.test", "-CAfile", rig.AuthorityFile,
            "-ign_eof", .. arguments]);

    private static string[] Shown(TlsRig rig, string kind)
    {
        if (kind == "none")
        {
            return [];
        }

        using var other = new TestAuthority();
        rig.Write("client", kind switch
        {
            "server use" => rig.Authority.Issue("CN=alice", []),
            "expired" => rig.Authority.Issue("CN=alice", [], days: -0.1, TestAuthority.ClientUse),
            _ => other.Issue("CN=alice", [], use: TestAuthority.ClientUse),
        });
        return ["--cert", rig.FileOf("client.pem"), "--key", rig.FileOf("client.key")];
    }

    private static Task TellAsync(HttpContext context)
    {
        var fields = context.Request.Headers;
        return context.Response.WriteAsync(
            $"{fields["X-Client-Cert-Subject"]} {fields["X-Client-Cert-Fingerprint"]} {fields["X-Client-Cert-Verify"]} "
            + $"{fields["x_client_cert_fingerprint"]}");
    }
}
