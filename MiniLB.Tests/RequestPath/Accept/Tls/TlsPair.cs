using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using MiniLB.Config.Options;
using MiniLB.RequestPath.Accept.Tls;
using MiniLB.Tests.Certificates;

namespace MiniLB.Tests.RequestPath.Accept.Tls;

/// <summary>A client of .NET's TLS and what serves it, over pipes in memory.</summary>
internal sealed class TlsPair : IAsyncDisposable
{
    private const SslProtocols Both = SslProtocols.Tls12 | SslProtocols.Tls13;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly KeyedCertificate[] Certificates = Issue();

    // The contexts do not keep what chooses among them.
    private readonly ListenerContexts _contexts;

    /// <param name="http2">Whether the server offers it.</param>
    /// <param name="protocols">Of the server.</param>
    /// <param name="inBytes">True where all that the client sends comes byte by byte.</param>
    /// <param name="held">Where what the client sends goes, and no further; null for the server.</param>
    public TlsPair(bool http2 = true, SslProtocols protocols = Both, bool inBytes = false, Pipe? held = null)
    {
        _contexts = new ListenerContexts(
            new ListenerTlsOptions { Certificates = new CertificateTable(Certificates), Protocols = protocols }, http2);
        var sent = inBytes ? new Pipe(new PipeOptions(pauseWriterThreshold: 0)) : held ?? ToServer;
        Client = new SslStream(
            new PipeStream(new Ends(ToClient.Reader, sent.Writer)), leaveInnerStreamOpen: false,
            (_, certificate, _, _) => (Shown = certificate?.Subject) is not null);
        Server = new OpenSslTls(new Ends(ToServer.Reader, ToClient.Writer), _contexts);
        Pumping = inBytes ? PumpAsync(sent.Reader) : Task.CompletedTask;
    }

    public SslStream Client { get; }

    public OpenSslTls Server { get; }

    /// <summary>What goes on the wire.</summary>
    public Pipe ToServer { get; } = new(Options());

    public Pipe ToClient { get; } = new(Options());

    public Task Pumping { get; }

    /// <summary>The subject of the certificate that the client was shown.</summary>
    public string? Shown { get; private set; }

    public PipeReader Input => Server.Pipe.Input;

    public PipeWriter Output => Server.Pipe.Output;

    public static async Task<TlsPair> OpenAsync(SslProtocols protocols = Both)
    {
        var pair = new TlsPair(protocols: protocols);
        await pair.ShakeHandsAsync("a.test", "h2");
        return pair;
    }

    public Task ShakeHandsAsync(string name, params string[] offered) => Task.WhenAll(
        ClientHandshakeAsync(name, offered), ServerHandshakeAsync()).WaitAsync(Deadline);

    public Task ClientHandshakeAsync(string name, params string[] offered) =>
        Client.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = name,
            ApplicationProtocols = [.. offered.Select(o => new SslApplicationProtocol(o))],
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        }).WaitAsync(Deadline);

    public Task ServerHandshakeAsync() => Server.HandshakeAsync(CancellationToken.None).WaitAsync(Deadline);

    /// <summary>So many bytes that the client reads.</summary>
    public async Task<byte[]> ClientReadsAsync(int count)
    {
        var bytes = new byte[count];
        await Client.ReadExactlyAsync(bytes).AsTask().WaitAsync(Deadline);
        return bytes;
    }

    /// <summary>What the server reads until there is so much, or an end.</summary>
    public async Task<byte[]> ServerReadsAsync(int count)
    {
        var bytes = new List<byte>();
        while (bytes.Count < count)
        {
            var read = await Input.ReadAsync().AsTask().WaitAsync(Deadline);
            foreach (var piece in read.Buffer)
            {
                bytes.AddRange(piece.Span);
            }

            Input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                break;
            }
        }

        return [.. bytes];
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await ToClient.Writer.CompleteAsync();
        await Client.DisposeAsync();
    }

    private static PipeOptions Options() => new(
        readerScheduler: PipeScheduler.Inline, pauseWriterThreshold: 0, useSynchronizationContext: false);

    private static KeyedCertificate[] Issue()
    {
        using var authority = new TestAuthority();
        return
        [
            new KeyedCertificate("a.pem", authority.Issue("CN=a.test", ["a.test"]).WithKey(), [], "1"),
            new KeyedCertificate("b.pem", authority.IssueRsa("CN=b.test", "b.test", "*.b.test").WithKey(), [], "2"),
        ];
    }

    private async Task PumpAsync(PipeReader from)
    {
        while (true)
        {
            var read = await from.ReadAsync();
            foreach (var piece in read.Buffer)
            {
                for (var at = 0; at < piece.Length; at++)
                {
                    await ToServer.Writer.WriteAsync(piece.Slice(at, 1));
                }
            }

            from.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                await ToServer.Writer.CompleteAsync();
                return;
            }
        }
    }

    private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
