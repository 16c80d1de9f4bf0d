using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MiniLB.Tests.Journeys.Harness;
using MiniLB.Tests.Journeys.Peers;
using static MiniLB.Tests.Journeys.Proxies.ProxiedProgram;

namespace MiniLB.Tests.Journeys.Proxies;

/// <summary>The PROXY protocol as HAProxy, nginx and curl speak it, on both sides.</summary>
public sealed class ProxyProtocolPeersJourney
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    [Theory]
    [InlineData("send-proxy")]
    [InlineData("send-proxy-v2")]
    [InlineData("send-proxy-v2 proxy-v2-options crc32c")]
    [InlineData("send-proxy-v2 proxy-v2-options crc32c,unique-id,authority")]
    [InlineData("send-proxy-v2-ssl-cn")]
    [InlineData("send-proxy-v2 check check-send-proxy inter 100ms")]
    public async Task Haproxy_InFront_TellsTheClient(string options)
    {
        await using var backend = RawBackend.Answering(Ok);
        await using var program = await StartAsync("127.0.0.1", "--backend", backend.Url);
        await using var haproxy = await HaproxyPeer.InFrontAsync(program.Url, options);
        // From another address than haproxy's own, so that only the header can have told it.
        using var client = ClientFrom("127.0.0.3");

        for (var i = 0; i < 5; i++)
        {
            Assert.Equal("ok", await client.GetStringAsync(new Uri(haproxy.Url + "/page")));
        }

        Assert.Equal(Enumerable.Repeat("127.0.0.3", 5), backend.Heads.Select(h => Field(h, "X-Forwarded-For")));
    }

    [Theory]
    [InlineData("--http1.1")]
    [InlineData("--http2-prior-knowledge")]
    public async Task Haproxy_ThatPassesConnectionsOn_TellsTheClient_WhateverItSpeaks(string version)
    {
        await using var backend = RawBackend.Answering(Ok);
        await using var program = await StartAsync("127.0.0.1", "--backend", backend.Url);
        await using var haproxy = await HaproxyPeer.InFrontAsync(program.Url, "send-proxy-v2", "tcp");

        var curl = await Tool.RunAsync(
            "curl", "-sS", version, "--interface", "127.0.0.3", "-w", " %{http_version}", haproxy.Url);

        Assert.Equal((0, $"ok {(version == "--http1.1" ? "1.1" : "2")}"), (curl.ExitCode, curl.Output));
        Assert.Equal("127.0.0.3", Field(Assert.Single(backend.Heads), "X-Forwarded-For"));
    }

    [Fact]
    public async Task Haproxy_ThatSendsNoHeader_IsRefused()
    {
        await using var backend = RawBackend.Answering(Ok);
        await using var program = await StartAsync("127.0.0.1", "--backend", backend.Url);
        await using var haproxy = await HaproxyPeer.InFrontAsync(program.Url, "");
        using var client = new HttpClient();

        using var answer = await client.GetAsync(new Uri(haproxy.Url));

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Empty(backend.Heads);
    }

    [Fact]
    public async Task Curl_SaysOnWhoseBehalfItComes()
    {
        await using var backend = RawBackend.Answering(Ok);
        await using var program = await StartAsync("127.0.0.3", "--backend", backend.Url);

        var curl = await Tool.RunAsync(
            "curl", "-sS", "--haproxy-protocol", "--interface", "127.0.0.3", program.Url.ToString());

        Assert.Equal((0, "ok"), (curl.ExitCode, curl.Output));
        Assert.Equal("127.0.0.3", Field(Assert.Single(backend.Heads), "X-Forwarded-For"));
    }

    [Theory]
    [InlineData("v1")]
    [InlineData("v2")]
    public async Task Haproxy_Behind_IsToldTheClient_AndItsProbesPass(string version)
    {
        await using var haproxy = await HaproxyPeer.BehindAsync("accept-proxy");
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", haproxy.Url, "--set", $"pools.default.sendProxyProtocol={version}");
        Assert.Equal(1, (await StatusAsync(program)).GetProperty("alive").GetInt32());

        await TellsAsync(program, 6, "127.0.0.3 1");
    }

    [Theory]
    [InlineData("v1")]
    [InlineData("v2")]
    public async Task Nginx_Behind_IsToldTheClient_AndItsProbesPass(string version)
    {
        await using var nginx = await NginxPeer.StartAsync(
            "location / { return 200 '$proxy_protocol_addr $proxy_protocol_port $proxy_protocol_server_addr "
            + "$proxy_protocol_server_port'; }", "proxy_protocol");
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", nginx.Url, "--set", $"pools.default.sendProxyProtocol={version}");
        Assert.Equal(1, (await StatusAsync(program)).GetProperty("alive").GetInt32());

        await TellsAsync(program, 4, "");
        // One client, one connection.
        await Eventually.True(() => nginx.Requests.Length == 5, "nginx logs all", () => $"{nginx.Requests.Length}");
        Assert.Single(nginx.Requests.Select(l => l.Split(' ')[0]).Distinct());
    }

    [Theory]
    [InlineData("v1")]
    [InlineData("v2")]
    public async Task Haproxy_BehindTls_IsToldBeforeTheHandshake(string version)
    {
        var (pem, certificate) = Certificate();
        await using var haproxy = await HaproxyPeer.BehindAsync(
            "accept-proxy ssl crt FOLDER/site.pem", ("site.pem", pem));
        using var folder = new TemporaryFolder();
        var start = ProgramUnderTest.Command([
            "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--backend", $"https://localhost:{haproxy.Port}",
            "--set", $"pools.default.sendProxyProtocol={version}"]);
        start.Environment["SSL_CERT_FILE"] = folder.Write("ca.pem", certificate);
        await using var program = RunningProgram.Start(start);
        await program.WaitUntilServingAsync();
        Assert.Equal(1, (await StatusAsync(program)).GetProperty("alive").GetInt32());

        await TellsAsync(program, 6, "127.0.0.3 1");
    }

    /// <summary>Asks five times on one connection, and compares what the backend was told.</summary>
    private static async Task TellsAsync(RunningProgram program, int words, string rest)
    {
        EndPoint? local = null;
        using var client = ClientFrom("127.0.0.3", socket => local = socket.LocalEndPoint);
        for (var i = 0; i < 5; i++)
        {
            var told = (await client.GetStringAsync(program.Url)).Split(' ');
            Assert.Equal(words, told.Length);
            Assert.Equal(
                $"127.0.0.3 {((IPEndPoint)local!).Port} 127.0.0.1 {program.Url.Port}", string.Join(' ', told[..4]));
            Assert.Equal(rest, string.Join(' ', told[4..]));
        }
    }

    private static async Task<System.Text.Json.JsonElement> StatusAsync(RunningProgram program)
    {
        using var client = new HttpClient();
        using var document = System.Text.Json.JsonDocument.Parse(
            await client.GetStringAsync(new Uri(program.Url, "/health")));
        return document.RootElement.Clone();
    }

    private static HttpClient ClientFrom(string address, Action<Socket>? connected = null)
    {
        // Named, so that its disposal is the client's.
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellation) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
                await socket.ConnectAsync(
                    new IPEndPoint(IPAddress.Parse(context.DnsEndPoint.Host), context.DnsEndPoint.Port), cancellation);
                connected?.Invoke(socket);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        return new HttpClient(handler);
    }

    private static (string WithKey, string Certificate) Certificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var certificate = request.CreateSelfSigned(
            DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var pem = certificate.ExportCertificatePem();
        return ($"{pem}\n{key.ExportPkcs8PrivateKeyPem()}\n", pem + "\n");
    }
}
