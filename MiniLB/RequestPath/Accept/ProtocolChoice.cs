using System.Net.Security;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using MiniLB.Config.Options;
using MiniLB.State;

namespace MiniLB.RequestPath.Accept;

/// <summary>Finds out what a client speaks, TLS or not, HTTP/2 or HTTP/1.x, and has it served.</summary>
internal sealed class ProtocolChoice(TlsHandshake handshake)
{
    /// <summary>Serves HTTP/1.x; set before the first listener opens.</summary>
    public Http1Server? Http1 { get; set; }

    /// <param name="context">The connection.</param>
    /// <param name="connection">The same, as the rest sees it.</param>
    /// <param name="listener">How its listener serves.</param>
    /// <param name="http2">Kestrel, which serves HTTP/2.</param>
    public async Task ServeAsync(
        ConnectionContext context, ClientConnection connection, ListenerOptions listener,
        Func<ConnectionContext, Task> http2)
    {
        if (listener.Tls is null)
        {
            await ServePlainAsync(context, connection, listener.Http2 ? http2 : null);
        }
        else if (await handshake.RunAsync(context, connection, listener) is { } tls)
        {
            try
            {
                await ServeSecureAsync(context, connection, tls, http2);
            }
            finally
            {
                await TlsHandshake.EndAsync(tls, context);
            }
        }
    }

    private async Task ServePlainAsync(
        ConnectionContext context, ClientConnection connection, Func<ConnectionContext, Task>? http2)
    {
        try
        {
            if (http2 is null || !await Http2Preface.IsNextAsync(context.Transport.Input, connection))
            {
                await Http1!.RunAsync(context, connection);
                return;
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            return; // The client has gone.
        }

        await ServeHttp2Async(context, connection, http2);
    }

    private Task ServeSecureAsync(
        ConnectionContext context, ClientConnection connection, SslStream tls, Func<ConnectionContext, Task> http2)
    {
        if (tls.NegotiatedApplicationProtocol != SslApplicationProtocol.Http2)
        {
            return Http1!.RunAsync(context, connection);
        }

        var feature = new KestrelTlsFeature();
        context.Features.Set<ITlsConnectionFeature>(feature);
        context.Features.Set<ITlsApplicationProtocolFeature>(feature);
        return ServeHttp2Async(context, connection, http2);
    }

    private static Task ServeHttp2Async(
        ConnectionContext context, ClientConnection connection, Func<ConnectionContext, Task> http2)
    {
        // Made here, on one thread: whoever sees the phase may ask for features.
        context.Features.Set(connection);
        connection.Enter(ClientPhase.Http2);
        return http2(context);
    }
}
