using Microsoft.AspNetCore.Connections;
using MiniLB.RequestPath.Admit;
using MiniLB.State;
using MiniLB.Transport;
using MiniLB.Transport.Epoll;

namespace MiniLB.RequestPath.Accept;

/// <summary>Takes each accepted connection that the limits allow, and keeps it in view for as long as it is
/// open.</summary>
internal sealed class ClientAcceptor(
    World world, Allowance allowance, ProxyHeaderReader proxyHeaders, ProtocolChoice protocols,
    ILogger<ClientAcceptor> logger)
{
    private readonly ClientConnections _connections = world.Statistics.Connections;
    private readonly PeerAllowance _ofPeers = new();

    /// <summary>Of clients, at once; 0 means no limit.</summary>
    public int MostConnections
    {
        set => allowance.Most = value;
    }

    /// <summary>Serves a connection to its end, and closes it. Never fails.</summary>
    public async Task RunAsync(ConnectionContext context)
    {
        var listener = AcceptedBy.Of(context);
        ClientConnection? connection = null;
        try
        {
            connection = Take(context, listener);
            if (connection is not null
                && (!listener.Options.ProxyProtocol || await proxyHeaders.IsIntroducedAsync(context, connection))
                && MayHaveAnother(context, connection))
            {
                await protocols.ServeAsync(context, connection, listener.Options);
                await SettleAsync(context, connection);
            }
        }
        catch (Exception e)
        {
            TransportLog.NotServed(logger, e);
        }
        finally
        {
            LetGo(connection);
            await context.DisposeAsync();
        }
    }

    /// <summary>Waits until the client has been sent everything: closing the connection would cut it off.</summary>
    private static ValueTask SettleAsync(ConnectionContext context, ClientConnection connection)
    {
        var settling = (context as LoopConnection)?.SettleAsync() ?? default;
        if (!settling.IsCompleted)
        {
            connection.Enter(ClientPhase.Serving); // its time is that for the taking of an answer
        }

        return settling;
    }

    /// <returns>Null where there are enough.</returns>
    private ClientConnection? Take(ConnectionContext context, TransportListener listener)
    {
        var isAdmin = listener.IsAdmin;
        if (!isAdmin && !allowance.TryTake())
        {
            world.Statistics.Refusals.Count(Refusal.Connections);
            context.Abort(new ConnectionAbortedException("limits.connections is reached"));
            return null;
        }

        var connection = new ClientConnection(
            context, isAdmin, Environment.TickCount64, listener.Current, ClientSockets.All);
        _connections.Add(connection);
        return connection;
    }

    /// <summary>True where its client may have another connection.</summary>
    private bool MayHaveAnother(ConnectionContext context, ClientConnection connection)
    {
        if (connection.IsAdmin || connection.Peer is not { } peer)
        {
            return true;
        }

        var options = world.Current.Options;
        var (client, most) = (ClientKey.Of(peer), options.Limits.ConnectionsPerClient);
        // A proxy speaks for many.
        if (_ofPeers.TryTake(client, most > 0 && options.TrustedProxies.Contains(peer) ? 0 : most))
        {
            connection.CountedAs = client;
            return true;
        }

        world.Statistics.Refusals.Count(Refusal.ConnectionsPerClient);
        context.Abort(new ConnectionAbortedException("limits.connectionsPerClient is reached"));
        return false;
    }

    private void LetGo(ClientConnection? connection)
    {
        if (connection is null)
        {
            return;
        }

        if (connection.CountedAs is { } client)
        {
            _ofPeers.GiveBack(client);
        }

        _connections.Remove(connection);
        if (!connection.IsAdmin)
        {
            allowance.GiveBack();
        }
    }
}
