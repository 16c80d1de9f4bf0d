using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using MiniLB.Tests.Journeys.Harness;
using MiniLB.Tests.Journeys.Peers;

namespace MiniLB.Tests.Journeys.Tls;

/// <summary>Clients are told by OCSP that a certificate is still good, where its authority says so.</summary>
public sealed class StaplingJourney
{
    [Fact]
    public async Task Answer_OfTheAuthority_IsStapled()
    {
        await using var rig = await TlsRig.StartAsync();
        var port = FreePort();
        var certificate = rig.Authority.Issue("CN=stapled", ["site.test"], ocsp: new Uri($"http://127.0.0.1:{port}"));
        await using var responder = await ResponderAsync(rig, certificate.WithKey(), port);

        rig.Write("site", certificate);

        await Eventually.True(async () => (await StatusAsync(rig)).Contains(
            "Cert Status: good", StringComparison.Ordinal), "a stapled answer", () => responder.Said);
    }

    [Fact]
    public async Task Authority_ThatDoesNotAnswer_HindersNobody()
    {
        await using var rig = await TlsRig.StartAsync();
        rig.Write("site", rig.Authority.Issue(
            "CN=stapled", ["site.test", "localhost"], ocsp: new Uri($"http://127.0.0.1:{FreePort()}")));

        await rig.Program.SaysAsync("configuration read again (a certificate has changed)");

        Assert.Equal("hello", (await rig.CurlAsync("/")).Output);
        Assert.Contains("OCSP response: no response sent", await StatusAsync(rig), StringComparison.Ordinal);
    }

    private static async Task<string> StatusAsync(TlsRig rig) => (await Tool.RunAsync(
        "openssl", "s_client", "-connect", $"127.0.0.1:{rig.Program.Url.Port}", "-servername", "site.test",
        "-CAfile", rig.AuthorityFile, "-status")).Output;

    private static async Task<PeerProcess> ResponderAsync(TlsRig rig, X509Certificate2 certificate, int port)
    {
        var end = certificate.NotAfter.ToUniversalTime().ToString("yyMMddHHmmss", CultureInfo.InvariantCulture);
        await File.WriteAllTextAsync(
            rig.FileOf("index.txt"), $"V\t{end}Z\t\t{certificate.SerialNumber}\tunknown\t/CN=stapled\n");
        await File.WriteAllTextAsync(rig.FileOf("ca.key"), rig.Authority.Key);
        var responder = new PeerProcess(
            "openssl", "ocsp", "-port", $"{port}", "-index", rig.FileOf("index.txt"), "-CA", rig.AuthorityFile,
            "-rsigner", rig.AuthorityFile, "-rkey", rig.FileOf("ca.key"), "-ndays", "7");
        await Eventually.True(() => responder.HasExited || responder.Said.Contains(
            "waiting for OCSP client connections", StringComparison.Ordinal), "the responder", () => responder.Said);
        return responder;
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
