using System.Net;
using System.Net.Sockets;
using MiniLB.Tests.Journeys.Harness;
using MiniLB.Tests.Journeys.Peers;

namespace MiniLB.Tests.Journeys.BackendTls;

/// <summary>openssl s_server: one connection after the other, and only for clients that show a certificate.</summary>
internal sealed class OpenSslServer : IAsyncDisposable
{
    private readonly PeerProcess _process;

    private OpenSslServer(PeerProcess process, int port) =>
        (_process, Url) = (process, $"https://127.0.0.1:{port}");

    public string Url { get; }

    /// <param name="ours">Issues its certificate, and those that it takes.</param>
    /// <param name="version">Which TLS it speaks: -tls1_2 or -tls1_3.</param>
    public static async Task<OpenSslServer> StartAsync(TestCertificates ours, string version)
    {
        var (certificate, key) = ours.Server("127.0.0.1");
        for (var attempt = 0; attempt < 5; attempt++)
        {
            var port = FreePort();
            var process = new PeerProcess("openssl", "s_server", "-accept", $"127.0.0.1:{port}", version,
                "-cert", certificate, "-key", key, "-CAfile", ours.Ca, "-Verify", "1", "-verify_return_error", "-www");
            await Eventually.True(
                () => process.HasExited || process.Said.Contains("ACCEPT", StringComparison.Ordinal),
                "openssl serves", () => process.Said);
            if (!process.HasExited)
            {
                return new OpenSslServer(process, port);
            }

            await process.DisposeAsync();
        }

        throw new InvalidOperationException("openssl s_server does not start");
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
