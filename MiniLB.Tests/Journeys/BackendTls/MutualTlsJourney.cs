using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using MiniLB.Tests.Journeys.Harness;
using MiniLB.Tests.Journeys.Peers;

namespace MiniLB.Tests.Journeys.BackendTls;

/// <summary>A backend that wants to know who connects to it is shown the pool's certificate, and where it does not take
/// it, that is said and nothing counts as sent.</summary>
public sealed class MutualTlsJourney : IDisposable
{
    private static readonly HttpClient Client = new();

    private readonly TestCertificates _ours = new();

    public void Dispose() => _ours.Dispose();

    [Theory]
    [InlineData("ssl_protocols TLSv1.2;")]
    [InlineData("ssl_protocols TLSv1.3;")]
    public async Task CertificateThatTheBackendKnows_OpensIt(string setting)
    {
        await using var nginx = await NginxPeer.StartTlsAsync(_ours.Server("127.0.0.1"), setting + $$"""
            ssl_client_certificate {{_ours.Ca}}; ssl_verify_client on;
            location / { return 200 "$ssl_client_verify $ssl_client_s_dn"; }
            """);
        var (certificate, key) = _ours.Client("minilb");
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", nginx.Url, "--set", $"pools.default.tls.ca={_ours.Ca}",
            "--set", $"pools.default.tls.certificate={certificate}", "--set", $"pools.default.tls.key={key}",
            "--set", "pools.default.healthCheck.status=200");

        Assert.Equal("SUCCESS CN=minilb", await Client.GetStringAsync(program.Url));
        await program.SaysAsync("is up: status 200");
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task BackendThatRefusesUs_IsDownAndSaysWhy(SslProtocols protocols)
    {
        await using var backend = await OpenSslServer.StartAsync(
            _ours, protocols == SslProtocols.Tls12 ? "-tls1_2" : "-tls1_3");
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", backend.Url, "--set", $"pools.default.tls.ca={_ours.Ca}");

        await program.SaysAsync(" is down: it ");
        Assert.Contains("client certificate (tls.certificate, tls.key)", program.Errors, StringComparison.Ordinal);
        await using var check = await RunningProgram.RunAsync(
            "check", "--probe", "--backend", backend.Url, "--set", $"pools.default.tls.ca={_ours.Ca}");
        Assert.Contains("client certificate (tls.certificate, tls.key)", check.Output, StringComparison.Ordinal);
    }

    // In TLS 1.3 the refusal comes after the request was sent, and the request was not looked at.
    [Theory]
    [InlineData("-tls1_2", "1.1")]
    [InlineData("-tls1_3", "1.1")]
    [InlineData("-tls1_3", "auto")]
    public async Task PostToABackendThatRefusesUs_IsServedByTheOther(string version, string http)
    {
        await using var refuses = await OpenSslServer.StartAsync(_ours, version);
        await using var takes = await PeerServer.StartAsync(
            _ => { }, app => app.Run(async c =>
            {
                using var reader = new StreamReader(c.Request.Body);
                await c.Response.WriteAsync($"got {await reader.ReadToEndAsync()}");
            }), HttpProtocols.Http1);
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", refuses.Url, "--backend", takes.Url, "--set", $"pools.default.tls.ca={_ours.Ca}",
            "--set", $"pools.default.http={http}", "--set", "pools.default.healthCheck.enabled=false",
            "--set", "pools.default.ejection.failures=3");

        for (var i = 0; i < 20; i++)
        {
            // Without a body: what was taken of one and is not kept can go nowhere else.
            using var response = await Client.PostAsync(program.Url, content: null);
            Assert.Equal("got ", await response.Content.ReadAsStringAsync());
        }

        await program.SaysAsync("failures in a row, the last one connectFailed (it ");
    }

    [Fact]
    public async Task RequestToTheOnlyBackend_ThatRefusesUs_Is503AndTheFailureSaysWhy()
    {
        await using var backend = await OpenSslServer.StartAsync(_ours, "-tls1_3");
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", backend.Url, "--set", $"pools.default.tls.ca={_ours.Ca}",
            "--set", "pools.default.healthCheck.enabled=false");

        using var response = await Client.GetAsync(program.Url);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        var (_, failures, _) = await AdminOf.RunAsync(program, "failures");
        Assert.Contains("connectFailed after ", failures, StringComparison.Ordinal);
        Assert.Contains(
            ": it wants a client certificate (tls.certificate, tls.key)", failures, StringComparison.Ordinal);
    }
}
