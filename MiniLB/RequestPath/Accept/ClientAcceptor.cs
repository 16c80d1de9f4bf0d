using Microsoft.AspNetCore.Connections;
using MiniLB.RequestPath.Admit;
using MiniLB.State;
using MiniLB.Transport;

namespace MiniLB.RequestPath.Accept;

/// <summary>Takes each accepted connection, keeps it in view for as long as it is open, and has it served in the
/// protocol that its client speaks.</summary>
internal sealed class ClientAcceptor(ClientConnections connections, Allowance allowance)
{
    /// <summary>Serves HTTP/1.x; set before the first listener opens.</summary>
    public Http1Server? Http1 { get; set; }

    /// <summary>Of clients, at once; 0 means no limit.</summary>
    public int MostConnections
    {
        set => allowance.Most = value;
    }

    /// <param name="context">The connection.</param>
    /// <param name="http2">Kestrel, which serves HTTP/2.</param>
    public async Task RunAsync(ConnectionContext context, ConnectionDelegate http2)
    {
        var listener = context.Features.Get<TransportListener>()!;
        var isAdmin = listener.IsAdmin;
        if (!isAdmin && !allowance.TryTake())
        {
            context.Abort(new ConnectionAbortedException("limits.connections is reached"));
            return;
        }

        var connection = new ClientConnection(context, isAdmin, Environment.TickCount64);
        connections.Add(connection);
        try
        {
            await ServeAsync(context, connection, listener.Http2 ? http2 : null);
        }
        finally
        {
            connections.Remove(connection);
            if (!isAdmin)
            {
                allowance.GiveBack();
            }
        }
    }

    private async Task ServeAsync(ConnectionContext context, ClientConnection connection, ConnectionDelegate? http2)
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

        connection.Enter(ClientPhase.Http2);
        context.Features.Set(connection);
        await http2(context);
    }
}
