using Microsoft.AspNetCore.Connections;
using MiniLB.Async;
using MiniLB.Config;
using MiniLB.Config.Options;
using MiniLB.RequestPath.Accept.Http2;
using MiniLB.RequestPath.Accept.Tls;
using MiniLB.RequestPath.Admit;
using MiniLB.State;

namespace MiniLB.RequestPath.Accept;

/// <summary>Finds out what a client speaks, TLS or not, HTTP/2 or HTTP/1.x, and has it served.</summary>
/// <param name="world">Has the limits of the moment.</param>
/// <param name="allowance">The connections that clients may have.</param>
/// <param name="handshake">Of TLS.</param>
internal sealed class ProtocolChoice(World world, Allowance allowance, TlsHandshake handshake)
{
    /// <summary>Serves HTTP/1.x; set before the first listener opens.</summary>
    public Http1Server? Http1 { get; set; }

    /// <summary>The same for HTTP/2.</summary>
    public Http2Server? Http2 { get; set; }

    /// <param name="context">The connection.</param>
    /// <param name="connection">The same, as the rest sees it.</param>
    /// <param name="listener">How its listener serves.</param>
    public FrameTask ServeAsync(ConnectionContext context, ClientConnection connection, ListenerOptions listener) =>
        listener.Tls is null
            ? ServePlainAsync(context, connection, listener.Http2)
            : ServeTlsAsync(context, connection, listener);

    private async FrameTask ServeTlsAsync(
        ConnectionContext context, ClientConnection connection, ListenerOptions listener)
    {
        if (await handshake.RunAsync(context, connection, listener) is not { } tls)
        {
            return;
        }

        try
        {
            await (tls.IsHttp2
                ? ServeHttp2Async(context, connection)
                : Http1!.RunAsync(context, connection));
        }
        finally
        {
            await TlsHandshake.EndAsync(tls, context);
        }
    }

    private async FrameTask ServePlainAsync(ConnectionContext context, ClientConnection connection, bool mayBeHttp2)
    {
        try
        {
            await (mayBeHttp2 && await Http2Preface.IsNextAsync(context.Transport.Input, connection)
                ? ServeHttp2Async(context, connection)
                : Http1!.RunAsync(context, connection));
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client has gone.
        }
    }

    /// <summary>Serves it where the limit has room for as many as it counts.</summary>
    private async FrameTask ServeHttp2Async(ConnectionContext context, ClientConnection connection)
    {
        var more = connection.IsAdmin ? 0 : MemoryPlan.Current.OfHttp2(world.Current.Options.Limits) - 1;
        if (more > 0 && !allowance.TryTake(more))
        {
            world.Statistics.Refusals.Count(Refusal.Connections);
            context.Abort(new ConnectionAbortedException("limits.connections is reached"));
            return;
        }

        try
        {
            await Http2!.RunAsync(context, connection);
        }
        finally
        {
            allowance.GiveBack(more);
        }
    }
}
