using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MiniLB.State;

namespace MiniLB.RequestPath.Accept.Tls;

/// <summary>TLS by .NET, which verifies the certificates of clients and has OCSP answers for ours.</summary>
internal sealed class SslStreamTls(IDuplexPipe transport, ListenerTls listener) : ClientTls
{
    private readonly SslStream _stream = new(new PipeStream(transport), leaveInnerStreamOpen: true);
    private TlsPipe? _pipe;

    public override IDuplexPipe Pipe => _pipe ??= new TlsPipe(_stream);

    public override TlsSession Session => new(
        _stream.SslProtocol == SslProtocols.Tls13 ? "TLSv1.3" : "TLSv1.2",
        _stream.TargetHostName is { Length: > 0 } name ? name : null,
        _stream.RemoteCertificate is X509Certificate2 certificate
            ? new ClientCertificate(
                ClientSubject.Text(certificate.SubjectName),
                Convert.ToHexStringLower(certificate.GetCertHash(HashAlgorithmName.SHA256)))
            : null);

    public override bool IsHttp2 => _stream.NegotiatedApplicationProtocol == SslApplicationProtocol.Http2;

    /// <exception cref="AuthenticationException">The client speaks no TLS that is spoken here, or is
    /// refused.</exception>
    public Task HandshakeAsync(ClientVerdict verdict, CancellationToken cancellationToken) =>
        _stream.AuthenticateAsServerAsync(listener.Choose, verdict, cancellationToken);

    public override Task EndAsync() => _stream.ShutdownAsync();

    public override ValueTask DisposeAsync() => _stream.DisposeAsync();
}
