using System.IO.Pipelines;
using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Connections;
using MiniLB.Config.Options;
using MiniLB.State;

namespace MiniLB.RequestPath.Accept;

/// <summary>Does the TLS handshake of a client connection: afterwards its pipes carry what was encrypted.</summary>
internal sealed class TlsHandshake(Refusals refusals, TimeProvider time, ILogger<TlsHandshake> logger)
{
    // The first byte of a TLS connection (RFC 8446 section 5.1): what it carries is a handshake.
    private const byte Handshake = 22;

    private static readonly byte[] NotTls = Answer(
        """{"type":"urn:minilb:problem:tls-required","title":"This address speaks TLS (https) only.","status":400}""");

    // Made when first needed, once, and gone with the options; by whether HTTP/2 is offered.
    private readonly ConditionalWeakTable<ListenerTlsOptions, Lazy<Task<ListenerTls>>> _withHttp2 = [];
    private readonly ConditionalWeakTable<ListenerTlsOptions, Lazy<Task<ListenerTls>>> _withoutHttp2 = [];

    /// <param name="context">The connection; its transport is replaced.</param>
    /// <param name="connection">The same, as the rest sees it; is told what came of it.</param>
    /// <param name="listener">Where it was accepted.</param>
    /// <returns>Null where there is to be no connection.</returns>
    public async ValueTask<SslStream?> RunAsync(
        ConnectionContext context, ClientConnection connection, ListenerOptions listener)
    {
        var options = listener.Tls!;
        var stream = new SslStream(new PipeStream(context.Transport), leaveInnerStreamOpen: true);
        var verdict = new ClientVerdict();
        using var limit = new CancellationTokenSource(options.HandshakeTimeout, time);
        try
        {
            if (await FirstByteAsync(context.Transport.Input, limit.Token) is not { } first)
            {
                return null; // whoever only looks whether the port is open
            }

            if (first == Handshake)
            {
                var prepared = await PreparedAsync(options, listener.Http2).WaitAsync(limit.Token);
                await stream.AuthenticateAsServerAsync(prepared.Choose, verdict, limit.Token);
                connection.BeginTls(SessionOf(stream), stream.ShutdownAsync);
                context.Transport = new TlsPipe(stream);
                return stream;
            }

            await context.Transport.Output.WriteAsync(NotTls, limit.Token);
            await Linger.RunAsync(context.Transport.Input, connection);
            Refuse(connection, "no TLS");
        }
        catch (Exception e) when (e is AuthenticationException or IOException or OperationCanceledException
            or CryptographicException or InvalidOperationException or NotSupportedException)
        {
            Refuse(connection, limit.IsCancellationRequested
                ? "tls.handshakeTimeout has passed"
                : verdict.Problem ?? e.InnerException?.Message ?? e.Message);
        }

        await stream.DisposeAsync();
        return null;
    }

    /// <summary>Tells the client that all has been said, so that what came before cannot have been cut short (RFC 8446
    /// section 6.1).</summary>
    public static async ValueTask EndAsync(SslStream stream, ConnectionContext context)
    {
        try
        {
            if (!context.ConnectionClosed.IsCancellationRequested)
            {
                await stream.ShutdownAsync();
            }
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or OperationCanceledException)
        {
            // It has ended already.
        }

        await stream.DisposeAsync();
    }

    private static byte[] Answer(string document) => Encoding.ASCII.GetBytes(
        "HTTP/1.1 400 Bad Request\r\nContent-Type: application/problem+json\r\n"
        + $"Content-Length: {document.Length}\r\n"
        + $"Connection: close\r\n\r\n{document}");

    private void Refuse(ClientConnection connection, string reason)
    {
        AcceptLog.HandshakeFailed(logger, connection.PeerText, reason);
        refusals.Count(Refusal.TlsHandshake);
    }

    private Task<ListenerTls> PreparedAsync(ListenerTlsOptions options, bool http2) =>
        (http2 ? _withHttp2 : _withoutHttp2).GetValue(
            options, o => new Lazy<Task<ListenerTls>>(() => ListenerTls.MakeAsync(o, http2))).Value;

    private static async ValueTask<byte?> FirstByteAsync(PipeReader input, CancellationToken cancellationToken)
    {
        var result = await input.ReadAsync(cancellationToken);
        byte? first = result.Buffer.IsEmpty ? null : result.Buffer.FirstSpan[0];
        input.AdvanceTo(result.Buffer.Start);
        return first;
    }

    private static TlsSession SessionOf(SslStream stream) => new(
        stream.SslProtocol == SslProtocols.Tls13 ? "TLSv1.3" : "TLSv1.2",
        stream.TargetHostName is { Length: > 0 } name ? name : null,
        stream.RemoteCertificate is X509Certificate2 certificate
            ? new ClientCertificate(
                ClientSubject.Text(certificate.SubjectName),
                Convert.ToHexStringLower(certificate.GetCertHash(HashAlgorithmName.SHA256)))
            : null);
}
