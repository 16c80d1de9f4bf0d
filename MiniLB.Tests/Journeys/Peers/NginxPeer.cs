using System.Net;
using System.Net.Sockets;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Peers;

/// <summary>An nginx with a configuration of the test's own, in a folder of its own.</summary>
internal sealed class NginxPeer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly PeerProcess _process;

    private NginxPeer(TemporaryFolder folder, PeerProcess process, int port) =>
        (_folder, _process, Url) = (folder, process, $"http://127.0.0.1:{port}");

    public string Url { get; }

    /// <summary>The connection and the request's number on it, for each request that was no probe.</summary>
    public string[] Requests => File.ReadAllLines(_folder.File("access.log"));

    /// <param name="server">What stands in its server block.</param>
    /// <param name="files">What it serves: names and contents.</param>
    public static async Task<NginxPeer> StartAsync(string server, params (string Name, byte[] Content)[] files)
    {
        var folder = new TemporaryFolder();
        foreach (var (name, content) in files)
        {
            await File.WriteAllBytesAsync(folder.File(name), content);
        }

        // nginx cannot let the system choose a port, so one is taken that was free a moment ago.
        for (var attempt = 0; attempt < 5; attempt++)
        {
            var port = FreePort();
            var process = new PeerProcess("nginx",
                "-p", folder.Path, "-e", folder.File("error.log"),
                "-c", folder.Write("nginx.conf", Configuration(folder.Path, port, server)));
            // It writes the file when it listens.
            await Eventually.True(
                () => process.HasExited || File.Exists(folder.File("nginx.pid")), "nginx serves", () => process.Said);
            if (!process.HasExited)
            {
                return new NginxPeer(folder, process, port);
            }

            await process.DisposeAsync();
        }

        throw new InvalidOperationException($"nginx does not start: {File.ReadAllText(folder.File("error.log"))}");
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    private static string Configuration(string folder, int port, string server) => $$"""
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
            listen 127.0.0.1:{{port}};
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
