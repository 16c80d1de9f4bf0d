using System.Net;
using System.Security.Authentication;
using Microsoft.AspNetCore.Http;
using System.Text;
using MiniLB.Tests.Journeys.Peers;

namespace MiniLB.Tests.Journeys.Tls;

/// <summary>Clients come by TLS: the right certificate, safe versions and ciphers only, HTTP/1.1 and HTTP/2.</summary>
public sealed class TlsJourney
{
    [Theory]
    [InlineData("--http1.1", "HTTP/1.1 200 ")]
    [InlineData("--http2", "HTTP/2 200 ")]
    [InlineData("--tlsv1.3", "HTTP/2 200 ")]
    [InlineData("--tls-max 1.2", "HTTP/2 200 ")]
    public async Task Curl_GetsTheAnswer_AndTheBackendIsToldOfHttps(string how, string status)
    {
        await using var rig = await TlsRig.StartAsync(
            c => c.Response.WriteAsync(c.Request.Headers["X-Forwarded-Proto"].ToString()));

        var curl = await rig.CurlAsync("/", ["-i", .. how.Split(' ')]);

        Assert.Equal((0, ""), (curl.ExitCode, curl.Errors));
        Assert.StartsWith(status, curl.Output, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\nhttps", curl.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("site.test", "CN=site")]
    [InlineData("a.wild.test", "CN=wild")]
    [InlineData("unknown.test", "CN=site")]
    public async Task Certificate_IsThatOfTheNameAskedFor(string name, string subject)
    {
        await using var rig = await TlsRig.StartAsync();

        var openssl = await OpenSslAsync(rig, "-servername", name);

        Assert.Contains($"\nsubject={subject.Replace("=", " = ", StringComparison.Ordinal)}\n", openssl.Output,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-tls1_1", "DEFAULT@SECLEVEL=0", false)]
    [InlineData("-tls1_2", "ECDHE-ECDSA-AES128-SHA256@SECLEVEL=0", false)] // CBC
    [InlineData("-tls1_2", "AES128-GCM-SHA256@SECLEVEL=0", false)] // no forward secrecy
    [InlineData("-tls1_2", "ECDHE-ECDSA-AES128-GCM-SHA256", true)]
    [InlineData("-tls1_2", "ECDHE-ECDSA-CHACHA20-POLY1305", true)]
    public async Task Cipher_IsOfferedOnlyWhereItIsSafe(string version, string cipher, bool isOffered)
    {
        await using var rig = await TlsRig.StartAsync();

        var openssl = await OpenSslAsync(rig, version, "-cipher", cipher);

        Assert.Equal(isOffered, openssl.ExitCode == 0);
        Assert.Equal(isOffered, openssl.Output.Contains("New, TLSv1.2, Cipher is ECDHE", StringComparison.Ordinal));
    }

    [Fact]
    public async Task MinVersion_OfThirteen_RefusesTwelve()
    {
        await using var rig = await TlsRig.StartAsync(tls: ", \"minVersion\": \"1.3\"");

        await Assert.ThrowsAnyAsync<Exception>(() => rig.OpenAsync(protocols: SslProtocols.Tls12));
        await using var stream = await rig.OpenAsync(protocols: SslProtocols.Tls13);

        Assert.Equal(SslProtocols.Tls13, stream.SslProtocol);
        Assert.Contains("minilb_refusals_total{reason=\"tls_handshake\"} 1\n", await rig.MetricsAsync(),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task Session_IsResumed(string version)
    {
        await using var rig = await TlsRig.StartAsync();
        var session = rig.FileOf("session.pem");

        var first = await OpenSslAsync(rig, version, "-ign_eof", "-sess_out", session);
        var second = await OpenSslAsync(rig, version, "-ign_eof", "-sess_in", session);

        Assert.Contains("\nNew, TLS", first.Output, StringComparison.Ordinal);
        Assert.Contains("\nReused, TLS", second.Output, StringComparison.Ordinal);
        Assert.Contains("HTTP/1.1 200 OK", second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connection_BringsOneTicket()
    {
        await using var rig = await TlsRig.StartAsync();

        var seen = await OpenSslAsync(rig, "-tls1_3", "-ign_eof");

        Assert.Single(seen.Output.Split("New Session Ticket arrived")[1..]);
    }

    [Fact]
    public async Task Http2_CanBeSwitchedOff()
    {
        await using var rig = await TlsRig.StartAsync(
            listeners: ", { \"address\": \"127.0.0.1:0\", \"http2\": false }");
        var plain = await rig.CurlAsync("/", "-o", "/dev/null", "-w", "%{http_version}");

        Assert.Equal("2", plain.Output);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 0)]
    public async Task LargeBodies_ArriveByteForByte(int major, int minor)
    {
        await using var rig = await TlsRig.StartAsync(async c =>
        {
            c.Response.ContentLength = c.Request.ContentLength;
            await c.Request.Body.CopyToAsync(c.Response.Body);
        });
        using var client = rig.Client();
        var sent = new byte[5_000_001];
        Random.Shared.NextBytes(sent);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(rig.Program.Url, "/"))
        {
            Version = new Version(major, minor),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(sent),
        };

        using var response = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(sent, await response.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("--http1.1")]
    [InlineData("--http2")]
    public async Task ProxyHeader_ComesBeforeTheHandshake(string http)
    {
        await using var rig = await TlsRig.StartAsync(
            c => c.Response.WriteAsync(c.Request.Headers["X-Forwarded-For"].ToString()),
            listener: ", \"proxyProtocol\": \"required\"", rest: ", \"trustedProxies\": [\"127.0.0.1\"]");

        Assert.Equal("127.0.0.1", (await rig.CurlAsync("/", http, "--haproxy-protocol")).Output);
        Assert.NotEqual(0, (await rig.CurlAsync("/", http)).ExitCode);
    }

    [Fact]
    public async Task LastAnswer_IsFollowedByTheEndOfTls()
    {
        await using var rig = await TlsRig.StartAsync();
        await using var stream = await rig.OpenAsync();

        await stream.WriteAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: site.test\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(stream, Encoding.Latin1);

        // SslStream tells an end without close_notify by an exception.
        Assert.EndsWith("\r\n\r\n5\r\nhello\r\n0\r\n\r\n", await reader.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AccessLog_TellsWhatTlsCameTo()
    {
        await using var rig = await TlsRig.StartAsync();

        await rig.CurlAsync("/", "--tlsv1.3");

        await Harness.Eventually.True(
            () => rig.Program.Output.Contains("\"tls\":\"TLSv1.3\",\"serverName\":\"localhost\"", StringComparison.Ordinal),
            "the line of the access log", () => rig.Program.Output);
    }

    [Fact]
    public async Task Certificates_StandInMetricsStatisticsAndCheck()
    {
        await using var rig = await TlsRig.StartAsync();
        using var client = new HttpClient();

        var stats = await client.GetStringAsync(new Uri(rig.Program.AdminUrl, "/stats"));

        Assert.Contains("\"names\":[\"*.wild.test\"],\"notAfter\":\"", stats, StringComparison.Ordinal);
        Assert.Contains(
            $"minilb_certificate_expiry_timestamp_seconds{{file=\"{rig.FileOf("wild.pem")}\",name=\"*.wild.test\"}} ",
            await rig.MetricsAsync(), StringComparison.Ordinal);
        using var check = new MemoryStream();
        var program = await Harness.RunningProgram.RunAsync("check", "--config", rig.FileOf("minilb.json"));
        Assert.Contains($"certificate {rig.FileOf("site.pem")} is for site.test, localhost, 127.0.0.1; expires on ",
            program.Output, StringComparison.Ordinal);
    }

    private static Task<Tool> OpenSslAsync(TlsRig rig, params string[] arguments) => Tool.RunAsync(
        "GET / HTTP/1.1\r\nHost: site.test\r\nConnection: close\r\n\r\n"u8.ToArray(), "openssl",
        ["s_client", "-connect", $"127.0.0.1:{rig.Program.Url.Port}", "-servername", "site.test",
            "-CAfile", rig.AuthorityFile, .. arguments]);
}
