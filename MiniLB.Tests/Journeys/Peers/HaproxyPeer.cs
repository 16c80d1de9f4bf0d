using System.Net;
using System.Net.Sockets;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Peers;

/// <summary>An HAProxy with a configuration of the test's own.</summary>
internal sealed class HaproxyPeer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly PeerProcess _process;

    private HaproxyPeer(TemporaryFolder folder, PeerProcess process, int port) =>
        (_folder, _process, Port) = (folder, process, port);

    public int Port { get; }

    public string Url => $"http://127.0.0.1:{Port}";

    /// <summary>Passes on what it gets.</summary>
    /// <param name="to">Where.</param>
    /// <param name="options">Those of the server line.</param>
    /// <param name="mode">http for requests, tcp for connections as they are.</param>
    public static Task<HaproxyPeer> InFrontAsync(Uri to, string options, string mode = "http") => StartAsync(
        "", $"mode {mode}\n  default_backend b\nbackend b\n  mode {mode}\n  server s {to.Authority} {options}");

    /// <summary>Answers each request with what it knows of the connection: source, port, destination, port.</summary>
    /// <param name="bind">Those of the bind line.</param>
    /// <param name="files">Files that they name, as FOLDER/name.</param>
    public static Task<HaproxyPeer> BehindAsync(
        string bind, params (string Name, string Content)[] files) => StartAsync(
        bind, "http-request return status 200 content-type text/plain lf-string "
        + "\"%[src] %[src_port] %[dst] %[dst_port] %[req.hdr(x-forwarded-for)] %[fc_http_major]\"", files);

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    private static async Task<HaproxyPeer> StartAsync(
        string bind, string frontend, params (string Name, string Content)[] files)
    {
        var folder = new TemporaryFolder();
        foreach (var (name, content) in files)
        {
            folder.Write(name, content);
        }

        // It cannot tell which port the system chose, so one is taken that was free a moment ago.
        for (var attempt = 0; attempt < 5; attempt++)
        {
            var port = FreePort();
            var text = $"""
                global
                  maxconn 100
                  pidfile {folder.File("pid")}
                defaults
                  mode http
                  timeout connect 10s
                  timeout client 60s
                  timeout server 60s
                frontend f
                  bind 127.0.0.1:{port} {bind.Replace("FOLDER", folder.Path, StringComparison.Ordinal)}
                  {frontend}

                """;
            var process = new PeerProcess("haproxy", "-db", "-f", folder.Write("haproxy.cfg", text));
            await Eventually.True(
                async () => process.HasExited || await ListensAsync(port), "haproxy serves", () => process.Said);
            if (!process.HasExited)
            {
                return new HaproxyPeer(folder, process, port);
            }

            await process.DisposeAsync();
        }

        throw new InvalidOperationException("haproxy does not start");
    }

    private static async Task<bool> ListensAsync(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
