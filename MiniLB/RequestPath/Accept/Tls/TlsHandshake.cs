using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Connections;
using MiniLB.Config.Options;
using MiniLB.State;

namespace MiniLB.RequestPath.Accept.Tls;

/// <summary>Does the TLS handshake of a client connection: afterwards its pipes carry what was encrypted.</summary>
internal sealed class TlsHandshake(Refusals refusals, TimeProvider time, ILogger<TlsHandshake> logger)
{
    // The first byte of a TLS connection (RFC 8446 section 5.1): what it carries is a handshake.
    private const byte Handshake = 22;

    private static readonly byte[] NotTls = Answer(
        """{"type":"urn:minilb:problem:tls-required","title":"This address speaks TLS (https) only.","status":400}""");

    // Made when first needed, once, and gone with the options; by whether HTTP/2 is offered.
    private readonly ConditionalWeakTable<ListenerTlsOptions, Prepared> _withHttp2 = [];
    private readonly ConditionalWeakTable<ListenerTlsOptions, Prepared> _withoutHttp2 = [];

    /// <param name="context">The connection; its transport is replaced.</param>
    /// <param name="connection">The same, as the rest sees it; is told what came of it.</param>
    /// <param name="listener">Where it was accepted.</param>
    /// <returns>Null where there is to be no connection.</returns>
    public async ValueTask<ClientTls?> RunAsync(
        ConnectionContext context, ClientConnection connection, ListenerOptions listener)
    {
        var options = listener.Tls!;
        var verdict = new ClientVerdict();
        using var limit = new CancellationTokenSource(options.HandshakeTimeout, time);
        ClientTls? tls = null;
        try
        {
            if (await FirstByteAsync(context.Transport.Input, limit.Token) is not { } first)
            {
                return null; // whoever only looks whether the port is open
            }

            if (first == Handshake)
            {
                tls = await ShakeHandsAsync(context.Transport, options, listener.Http2, verdict, limit.Token);
                connection.BeginTls(tls.Session, tls.EndAsync);
                context.Transport = tls.Pipe;
                return tls;
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

        return null;
    }

    /// <summary>Says the last word, and lets go of everything.</summary>
    public static async ValueTask EndAsync(ClientTls tls, ConnectionContext context)
    {
        try
        {
            if (!context.ConnectionClosed.IsCancellationRequested)
            {
                await tls.EndAsync();
            }
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or OperationCanceledException)
        {
            // It has ended already.
        }

        await tls.DisposeAsync();
    }

    private async ValueTask<ClientTls> ShakeHandsAsync(
        IDuplexPipe transport, ListenerTlsOptions options, bool http2, ClientVerdict verdict, CancellationToken limit)
    {
        var prepared = (http2 ? _withHttp2 : _withoutHttp2).GetValue(options, o => new Prepared(o, http2));
        if (prepared.Contexts is { } contexts)
        {
            var direct = new OpenSslTls(transport, contexts);
            try
            {
                await direct.HandshakeAsync(limit);
                return direct;
            }
            catch
            {
                await direct.DisposeAsync();
                throw;
            }
        }

        var stream = new SslStreamTls(transport, await prepared.Listener.WaitAsync(limit));
        try
        {
            await stream.HandshakeAsync(verdict, limit);
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
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

    private static async ValueTask<byte?> FirstByteAsync(PipeReader input, CancellationToken cancellationToken)
    {
        var result = await input.ReadAsync(cancellationToken);
        byte? first = result.Buffer.IsEmpty ? null : result.Buffer.FirstSpan[0];
        input.AdvanceTo(result.Buffer.Start);
        return first;
    }

    /// <summary>What the handshakes of a listener go by: one of the two.</summary>
    private sealed class Prepared(ListenerTlsOptions options, bool http2)
    {
        private readonly Lazy<ListenerContexts?> _contexts = new(
            () => ListenerContexts.Suffice(options) ? new ListenerContexts(options, http2) : null);

        private readonly Lazy<Task<ListenerTls>> _listener = new(() => ListenerTls.MakeAsync(options, http2));

        public ListenerContexts? Contexts => _contexts.Value;

        public Task<ListenerTls> Listener => _listener.Value;
    }
}
