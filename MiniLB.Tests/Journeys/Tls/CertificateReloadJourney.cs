using System.Net.Security;
using System.Security.Authentication;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Tls;

/// <summary>Certificates are renewed while the program runs: nothing is dropped, and a bad one changes nothing.</summary>
public sealed class CertificateReloadJourney
{
    [Fact]
    public async Task RenewedFiles_ComeIntoEffect_AndOpenConnectionsGoOn()
    {
        await using var rig = await TlsRig.StartAsync();
        await using var open = await rig.OpenAsync();
        Assert.Contains("hello", await AskAsync(open), StringComparison.Ordinal);

        rig.Write("site", rig.Authority.Issue("CN=renewed", ["site.test", "localhost"]));

        await Eventually.True(async () => await SubjectAsync(rig) == "CN=renewed", "the renewed certificate");
        await rig.Program.SaysAsync("configuration read again (a certificate has changed)");
        Assert.Contains("hello", await AskAsync(open), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RenewedFiles_ComeIntoEffect_BesideABrokenConfiguration()
    {
        await using var rig = await TlsRig.StartAsync();
        await File.WriteAllTextAsync(rig.FileOf("minilb.json"), "{ half");
        await rig.Program.SaysAsync("configuration not reloaded (the file has changed)");

        rig.Write("site", rig.Authority.Issue("CN=renewed", ["site.test", "localhost"]));

        await Eventually.True(async () => await SubjectAsync(rig) == "CN=renewed", "the renewed certificate");
    }

    [Fact]
    public async Task BadFile_ChangesNothing_AndIsTold()
    {
        await using var rig = await TlsRig.StartAsync();

        await File.WriteAllTextAsync(rig.FileOf("site.key"), "not a key");

        await rig.Program.SaysAsync("has no private key; expected a PEM file with BEGIN PRIVATE KEY");
        Assert.Equal("CN=site", await SubjectAsync(rig));
        Assert.Contains("minilb_config_last_reload_successful 0\n", await rig.MetricsAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CertificatesSwappedUnderLoad_FailNoHandshake()
    {
        await using var rig = await TlsRig.StartAsync();
        using var end = new CancellationTokenSource();
        var seen = new System.Collections.Concurrent.ConcurrentDictionary<string, int>();
        var busy = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!end.IsCancellationRequested)
            {
                seen.AddOrUpdate(await SubjectAsync(rig), 1, (_, n) => n + 1);
            }
        })).ToArray();

        for (var i = 0; i < 5; i++)
        {
            rig.Write("site", rig.Authority.Issue($"CN=site{i}", ["site.test", "localhost"]));
            await Eventually.True(() => seen.ContainsKey($"CN=site{i}") || Array.Exists(busy, b => b.IsFaulted),
                $"certificate {i}", () => rig.Program.Errors);
        }

        await end.CancelAsync();
        await Task.WhenAll(busy); // each handshake that failed is thrown here
        Assert.Contains("minilb_refusals_total{reason=\"tls_handshake\"} 0\n", await rig.MetricsAsync(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reload_WithoutAnotherCertificate_KeepsSessions()
    {
        await using var rig = await TlsRig.StartAsync();
        var session = rig.FileOf("session.pem");
        string[] arguments = ["s_client", "-connect", $"127.0.0.1:{rig.Program.Url.Port}", "-servername", "site.test",
            "-CAfile", rig.AuthorityFile, "-tls1_2", "-ign_eof"];
        var request = "GET / HTTP/1.1\r\nHost: site.test\r\nConnection: close\r\n\r\n"u8.ToArray();
        await Peers.Tool.RunAsync(request, "openssl", [.. arguments, "-sess_out", session]);

        var text = await File.ReadAllTextAsync(rig.FileOf("minilb.json"));
        await File.WriteAllTextAsync(
            rig.FileOf("minilb.json"), text.Replace("\"1h\"", "\"2h\"", StringComparison.Ordinal));
        await rig.Program.SaysAsync("configuration read again (the file has changed)");

        Assert.Contains("\nReused, TLS", (await Peers.Tool.RunAsync(
            request, "openssl", [.. arguments, "-sess_in", session])).Output, StringComparison.Ordinal);
    }

    private static async Task<string> AskAsync(SslStream stream)
    {
        await stream.WriteAsync("GET / HTTP/1.1\r\nHost: site.test\r\n\r\n"u8.ToArray());
        var answer = "";
        var buffer = new byte[4096];
        while (!answer.Contains("hello", StringComparison.Ordinal))
        {
            var count = await stream.ReadAsync(buffer);
            Assert.NotEqual(0, count);
            answer += System.Text.Encoding.Latin1.GetString(buffer, 0, count);
        }

        return answer;
    }

    private static async Task<string> SubjectAsync(TlsRig rig)
    {
        await using var stream = await rig.OpenAsync("localhost", SslProtocols.Tls13);
        // What follows the handshake shows that the server is content too.
        await stream.WriteAsync("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"u8.ToArray());
        using var reader = new StreamReader(stream, leaveOpen: true);
        Assert.EndsWith("\r\nhello\r\n0\r\n\r\n", await reader.ReadToEndAsync(), StringComparison.Ordinal);
        return stream.RemoteCertificate!.Subject;
    }
}
