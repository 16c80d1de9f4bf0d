using System.Net;
using System.Net.Sockets;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Peers;

/// <summary>An nginx with a configuration of the test's own, in a folder of its own.</summary>
internal sealed class NginxPeer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _scheme;
    private PeerProcess? _process;
    private int _port;

    private NginxPeer(string scheme) => _scheme = scheme;

    public string Url => $"{_scheme}://127.0.0.1:{_port}";

    /// <summary>The connection and the request's number on it, for each request that was no probe.</summary>
    public string[] Requests => File.ReadAllLines(_folder.File("access.log"));

    /// <param name="server">What stands in its server block.</param>
    /// <param name="files">What it serves: names and contents.</param>
    public static Task<NginxPeer> StartAsync(string server, params (string Name, byte[] Content)[] files) =>
        StartAsync("http", "", server, files);

    /// <param name="server">What stands in its server block.</param>
    /// <param name="listen">What follows the address on which it listens.</param>
    /// <param name="files">What it serves: names and contents.</param>
    public static Task<NginxPeer> StartAsync(
        string server, string listen, params (string Name, byte[] Content)[] files) =>
        StartAsync("http", listen, server, files);

    /// <param name="certificate">The files of what it shows.</param>
    /// <param name="server">What stands in its server block.</param>
    /// <param name="files">What it serves: names and contents.</param>
    public static Task<NginxPeer> StartTlsAsync(
        (string Certificate, string Key) certificate, string server, params (string Name, byte[] Content)[] files) =>
        StartAsync("https", "ssl", Tls(certificate, server), files);

    /// <summary>Ends it and starts it again on its port.</summary>
    /// <param name="certificate">The files of what it shows.</param>
    /// <param name="listen">What stands behind its address: ssl, or ssl http2.</param>
    /// <param name="server">What stands in its server block.</param>
    public async Task StartAgainAsync((string Certificate, string Key) certificate, string listen, string server)
    {
        await _process!.DisposeAsync();
        await TryStartAsync(listen, Tls(certificate, server));
        Assert.False(_process.HasExited, "nginx does not start again");
    }

    public async ValueTask DisposeAsync()
    {
        await _process!.DisposeAsync();
        _folder.Dispose();
    }

    private static async Task<NginxPeer> StartAsync(
        string scheme, string listen, string server, (string Name, byte[] Content)[] files)
    {
        var peer = new NginxPeer(scheme);
        foreach (var (name, content) in files)
        {
            await File.WriteAllBytesAsync(peer._folder.File(name), content);
        }

        // nginx cannot let the system choose a port, so one is taken that was free a moment ago.
        for (var attempt = 0; attempt < 5; attempt++)
        {
            peer._port = FreePort();
            if (await peer.TryStartAsync(listen, server))
            {
                return peer;
            }

            await peer._process!.DisposeAsync();
        }

        throw new InvalidOperationException(
            $"nginx does not start: {File.ReadAllText(peer._folder.File("error.log"))}");
    }

    private async Task<bool> TryStartAsync(string listen, string server)
    {
        File.Delete(_folder.File("nginx.pid"));
        var process = _process = new PeerProcess("nginx",
            "-p", _folder.Path, "-e", _folder.File("error.log"),
            "-c", _folder.Write("nginx.conf", Configuration(_folder.Path, $"{_port} {listen}", server)));
        // It writes the file when it listens.
        await Eventually.True(
            () => process.HasExited || File.Exists(_folder.File("nginx.pid")), "nginx serves", () => process.Said);
        return !process.HasExited;
    }

    private static string Tls((string Certificate, string Key) certificate, string server) => $"""
        ssl_certificate {certificate.Certificate};
        ssl_certificate_key {certificate.Key};
        ssl_session_cache shared:S:1m;
        {server}
        """;

    private static string Configuration(string folder, string listen, string server) => $$"""
        daemon off;
        master_process off;
        pid {{folder}}/nginx.pid;
        events { worker_connections 1024; }
        http {
          client_body_temp_path {{folder}}/client; proxy_temp_path {{folder}}/proxy;
          fastcgi_temp_path {{folder}}/fastcgi; uwsgi_temp_path {{folder}}/uwsgi; scgi_temp_path {{folder}}/scgi;
          log_format brief '$connection $connection_requests $request';
          map $http_user_agent $no_probe { default 1; ~^minilb-health 0; }
          access_log {{folder}}/access.log brief if=$no_probe;
          sendfile on;
          server {
            listen 127.0.0.1:{{listen}};
            root {{folder}};
            add_header X-Connection $connection always;
            {{server}}
          }
        }
        """;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
