using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.BackendTls;

/// <summary>A backend behind TLS that a test scripts byte by byte, down to how it ends its connections.</summary>
internal sealed class TlsBackend : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly SslServerAuthenticationOptions _options;
    private readonly Func<SslStream, Socket, Task> _answer;
    private readonly Task _accepting;
    private int _accepted;

    /// <param name="certificate">The files of what it shows.</param>
    /// <param name="answer">Called with each request whose head has been read; then the connection is closed as it
    /// stands, without the end of TLS.</param>
    public TlsBackend((string Certificate, string Key) certificate, Func<SslStream, Socket, Task> answer)
    {
        _answer = answer;
        _options = new SslServerAuthenticationOptions
        {
            ServerCertificate = TestCertificates.Load(certificate),
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        };
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Url => $"https://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Connections whose handshake has begun.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                _ = ServeAsync(await _listener.AcceptSocketAsync());
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        Interlocked.Increment(ref _accepted);
        using (socket)
        {
            await using var network = new NetworkStream(socket);
            await using var tls = new SslStream(network, leaveInnerStreamOpen: true);
            try
            {
                await tls.AuthenticateAsServerAsync(_options);
                var head = new StringBuilder();
                var buffer = new byte[1];
                while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
                {
                    if (await tls.ReadAsync(buffer) == 0)
                    {
                        return;
                    }

                    head.Append((char)buffer[0]);
                }

                await _answer(tls, socket);
            }
            catch (Exception e) when (e is IOException or AuthenticationException or SocketException)
            {
                // The other side left.
            }
        }
    }
}
