using Microsoft.AspNetCore.Connections;
using MiniLB.RequestPath.Admit;
using MiniLB.State;
using MiniLB.Transport;

namespace MiniLB.RequestPath.Accept;

/// <summary>Takes each accepted connection that the limits allow, and keeps it in view for as long as it is
/// open.</summary>
internal sealed class ClientAcceptor(
    World world, Allowance allowance, ProxyHeaderReader proxyHeaders, ProtocolChoice protocols)
{
    private readonly ClientConnections _connections = world.Statistics.Connections;
    private readonly PeerAllowance _ofPeers = new();

    /// <summary>Of clients, at once; 0 means no limit.</summary>
    public int MostConnections
    {
        set => allowance.Most = value;
    }

    public async Task RunAsync(ConnectionContext context)
    {
        var listener = AcceptedBy.Of(context);
        var isAdmin = listener.IsAdmin;
        if (!isAdmin && !allowance.TryTake())
        {
            world.Statistics.Refusals.Count(Refusal.Connections);
            context.Abort(new ConnectionAbortedException("limits.connections is reached"));
            return;
        }

        var connection = new ClientConnection(
            context, isAdmin, Environment.TickCount64, listener.Current, ClientSockets.All);
        _connections.Add(connection);
        try
        {
            if (!listener.Options.ProxyProtocol || await proxyHeaders.IsIntroducedAsync(context, connection))
            {
                await ServeCountedAsync(context, connection, listener);
            }
        }
        finally
        {
            _connections.Remove(connection);
            if (!isAdmin)
            {
                allowance.GiveBack();
            }
        }
    }

    /// <summary>Serves it where its client may have another connection.</summary>
    private async Task ServeCountedAsync(
        ConnectionContext context, ClientConnection connection, TransportListener listener)
    {
        if (connection.IsAdmin || connection.Peer is not { } peer)
        {
            await protocols.ServeAsync(context, connection, listener.Options);
            return;
        }

        var options = world.Current.Options;
        var (client, most) = (ClientKey.Of(peer), options.Limits.ConnectionsPerClient);
        // A proxy speaks for many.
        if (!_ofPeers.TryTake(client, most > 0 && options.TrustedProxies.Contains(peer) ? 0 : most))
        {
            world.Statistics.Refusals.Count(Refusal.ConnectionsPerClient);
            context.Abort(new ConnectionAbortedException("limits.connectionsPerClient is reached"));
            return;
        }

        try
        {
            await protocols.ServeAsync(context, connection, listener.Options);
        }
        finally
        {
            _ofPeers.GiveBack(client);
        }
    }
}
