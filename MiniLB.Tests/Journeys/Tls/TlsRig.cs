using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using MiniLB.Tests.Certificates;
using MiniLB.Tests.Journeys.Harness;
using MiniLB.Tests.Journeys.Peers;

namespace MiniLB.Tests.Journeys.Tls;

/// <summary>The program with a TLS listener in front of one backend, and the authority that its certificates are
/// from.</summary>
internal sealed class TlsRig : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    private TlsRig(TestBackend backend) => Backend = backend;

    public TestAuthority Authority { get; } = new();

    public TestBackend Backend { get; }

    public RunningProgram Program { get; private set; } = null!;

    public string AuthorityFile => _folder.File("ca.pem");

    /// <param name="answer">What the backend answers.</param>
    /// <param name="tls">Keys of the listener's tls beside its certificates.</param>
    /// <param name="rest">Top-level keys beside listeners and pools, with a comma before each.</param>
    /// <param name="listener">Keys of the listener beside its tls, with a comma before each.</param>
    /// <param name="listeners">More of them, with a comma before each.</param>
    public static async Task<TlsRig> StartAsync(
        RequestDelegate? answer = null, string tls = "", string rest = "", string listener = "",
        string listeners = "")
    {
        var rig = new TlsRig(await TestBackend.StartAsync(answer ?? (c => c.Response.WriteAsync("hello"))));
        rig._folder.Write("ca.pem", rig.Authority.Pem);
        rig.Write("site", rig.Authority.Issue("CN=site", ["site.test", "localhost", "127.0.0.1"]));
        rig.Write("wild", rig.Authority.IssueRsa("CN=wild", "*.wild.test"));
        rig.Program = RunningProgram.Start("--config", rig._folder.Write("minilb.json", $$"""
            {
              "listeners": [{
                "address": "127.0.0.1:0",
                "tls": { "certificates": [{{rig.Entry("site")}}, {{rig.Entry("wild")}}] {{rig.Filled(tls)}} } {{listener}}
              }{{rig.Filled(listeners)}}],
              "admin": { "address": "127.0.0.1:0" },
              "pools": { "web": { "backends": ["{{rig.Backend.Url}}"], "healthCheck": { "interval": "1h" } } }
              {{rig.Filled(rest)}}
            }
            """));
        await rig.Program.WaitUntilServingAsync();
        return rig;
    }

    /// <summary>Puts a certificate and its key in place, each in one step.</summary>
    public void Write(string name, TestCertificate certificate)
    {
        _folder.Write("new.pem", certificate.Pem + Authority.Pem);
        _folder.Write("new.key", certificate.Key);
        File.Move(_folder.File("new.pem"), _folder.File(name + ".pem"), overwrite: true);
        File.Move(_folder.File("new.key"), _folder.File(name + ".key"), overwrite: true);
    }

    public string FileOf(string name) => _folder.File(name);

    public string Entry(string name) =>
        $$"""{"certificate": "{{_folder.File(name + ".pem")}}", "key": "{{_folder.File(name + ".key")}}"}""";

    /// <summary>A client that trusts the authority.</summary>
    public HttpClient Client(X509Certificate2? shown = null) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        SslOptions = Options("localhost", shown),
    })
    {
        Timeout = TimeSpan.FromSeconds(30),
    };

    /// <summary>A connection on which the handshake is done.</summary>
    public async Task<SslStream> OpenAsync(string name = "site.test", SslProtocols protocols = SslProtocols.None)
    {
        var stream = new SslStream(await ConnectAsync());
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var options = Options(name, null);
        options.EnabledSslProtocols = protocols;
        await stream.AuthenticateAsClientAsync(options, deadline.Token);
        return stream;
    }

    public async Task<NetworkStream> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync("127.0.0.1", Program.Url.Port);
        return new NetworkStream(socket, ownsSocket: true);
    }

    public Task<Tool> CurlAsync(string path, params string[] arguments) => Tool.RunAsync(
        "curl", ["-sS", "--cacert", AuthorityFile, .. arguments, $"https://localhost:{Program.Url.Port}{path}"]);

    public async Task<string> MetricsAsync()
    {
        using var client = new HttpClient();
        return await client.GetStringAsync(new Uri(Program.AdminUrl, "/metrics"));
    }

    public async ValueTask DisposeAsync()
    {
        await Program.DisposeAsync();
        await Backend.DisposeAsync();
        Authority.Dispose();
        _folder.Dispose();
    }

    private SslClientAuthenticationOptions Options(string name, X509Certificate2? shown)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.Add(Authority.Certificate);
        return new SslClientAuthenticationOptions
        {
            TargetHost = name,
            CertificateChainPolicy = policy,
            ClientCertificates = shown is null ? null : [shown],
        };
    }

    private string Filled(string text) => text.Replace("CA", AuthorityFile, StringComparison.Ordinal);
}
