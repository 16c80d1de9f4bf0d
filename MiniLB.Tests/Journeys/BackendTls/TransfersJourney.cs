using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using MiniLB.Tests.Journeys.Harness;
using MiniLB.Tests.Journeys.Peers;

namespace MiniLB.Tests.Journeys.BackendTls;

/// <summary>Bodies of any size go through TLS to backends unchanged, connections are kept, and sessions
/// resumed.</summary>
public sealed class TransfersJourney : IDisposable
{
    private static readonly HttpClient Client = new();

    private readonly TestCertificates _ours = new();

    public void Dispose() => _ours.Dispose();

    [Theory]
    [InlineData("1.1", "ssl")]
    [InlineData("auto", "ssl http2")]
    public async Task LargeBodiesBothWays_ArriveWhole(string http, string listen)
    {
        var large = RandomNumberGenerator.GetBytes(48 << 20);
        await using var hash = await TestBackend.StartAsync(async c =>
            await c.Response.WriteAsync(Convert.ToHexString(await SHA256.HashDataAsync(c.Request.Body))));
        var certificate = _ours.Server("127.0.0.1");
        await using var nginx = await NginxPeer.StartTlsAsync(certificate, "", ("large", large));
        await nginx.StartAgainAsync(certificate, listen, $$"""
            client_max_body_size 0;
            location /up { proxy_pass {{hash.Url}}; proxy_request_buffering off; proxy_http_version 1.1; }
            """);
        await using var program = await StartAsync(nginx.Url, $"pools.default.http={http}");

        var received = await Client.GetByteArrayAsync(new Uri(program.Url, "/large"));
        Assert.True(large.AsSpan().SequenceEqual(received));

        using var body = new ByteArrayContent(large);
        using var sent = await Client.PostAsync(new Uri(program.Url, "/up"), body);
        Assert.Equal(Convert.ToHexString(SHA256.HashData(large)), await sent.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("ssl_protocols TLSv1.2;", false)]
    [InlineData("ssl_protocols TLSv1.3;", false)]
    [InlineData("ssl_protocols TLSv1.2;", true)]
    [InlineData("ssl_protocols TLSv1.3;", true)]
    public async Task NewConnections_ResumeTheSession(string setting, bool showsCertificate)
    {
        await using var nginx = await NginxPeer.StartTlsAsync(_ours.Server("a.test"), setting + $$"""
            ssl_client_certificate {{_ours.Ca}}; ssl_verify_client optional; keepalive_timeout 0;
            location / { return 200 "$ssl_session_reused $ssl_client_verify"; }
            """);
        var (certificate, key) = _ours.Client("minilb");
        string[] shown = showsCertificate
            ? [$"pools.default.tls.certificate={certificate}", $"pools.default.tls.key={key}"]
            : [];
        await using var program = await StartAsync(nginx.Url, ["pools.default.tls.serverName=a.test", .. shown]);
        await Client.GetStringAsync(program.Url);

        var verified = showsCertificate ? "SUCCESS" : "NONE";
        var answers = new List<string>();
        for (var i = 0; i < 20; i++)
        {
            answers.Add(await Client.GetStringAsync(program.Url));
        }

        Assert.All(answers, a => Assert.EndsWith(" " + verified, a, StringComparison.Ordinal));
        Assert.True(answers.Count(a => a.StartsWith("r ", StringComparison.Ordinal)) >= 10, string.Join(',', answers));
    }

    [Fact]
    public async Task UploadThatIsGivenUp_IsResetAtTheBackend()
    {
        var accepted = new TaskCompletionSource<Socket>(TaskCreationOptions.RunContinuationsAsynchronously);
        var isOver = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var backend = new TlsBackend(_ours.Server("127.0.0.1"), async (_, socket) =>
        {
            accepted.SetResult(socket);
            await isOver.Task; // it takes nothing of the body
        });
        await using var program = await StartAsync(backend.Url, "pools.default.healthCheck.enabled=false",
            "pools.default.timeouts.total=3s");
        await using var client = await RawConnection.OpenAsync(program.Url);
        await client.SendAsync("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100000000\r\n\r\n");

        // More than all sockets on the way hold: an end would wait behind it.
        var sending = client.SendAsync(new string('x', 64 << 20));
        var socket = await accepted.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await Eventually.True(() => socket.Available > 32 * 1024, "the backend's queue fills");

        await Eventually.True(() => TcpState.IsGone(socket), "that the backend learns of it");
        isOver.SetResult();
        client.Reset();
        await Assert.ThrowsAnyAsync<Exception>(() => sending);
    }

    private Task<RunningProgram> StartAsync(string url, params string[] settings) => RunningProgram.BalanceAsync([
        "--backend", url, "--set", $"pools.default.tls.ca={_ours.Ca}",
        .. settings.SelectMany(s => new[] { "--set", s })]);
}
