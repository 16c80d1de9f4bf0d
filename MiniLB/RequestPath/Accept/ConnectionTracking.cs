using Microsoft.AspNetCore.Connections;
using MiniLB.RequestPath.Admit;
using MiniLB.State;

namespace MiniLB.RequestPath.Accept;

/// <summary>Makes a <see cref="ClientConnection"/> of each accepted connection, for as long as it is open.</summary>
internal sealed class ConnectionTracking(ClientConnections connections, Allowance allowance)
{
    public async Task RunAsync(ConnectionContext context, bool isAdmin, ConnectionDelegate next)
    {
        if (isAdmin)
        {
            context.Features.Set(new ClientConnection(context, isAdmin, Environment.TickCount64));
            await next(context);
            return;
        }

        if (!allowance.TryTake())
        {
            context.Abort(new ConnectionAbortedException("limits.connections is reached"));
            return;
        }

        var connection = new ClientConnection(context, isAdmin, Environment.TickCount64);
        context.Features.Set(connection);
        connections.Add(connection);
        try
        {
            await next(context);
        }
        finally
        {
            connections.Remove(connection);
            allowance.GiveBack();
        }
    }
}
