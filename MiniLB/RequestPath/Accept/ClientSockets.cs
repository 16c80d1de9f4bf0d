using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using MiniLB.State;
using MiniLB.Transport;
using MiniLB.Transport.Epoll;

namespace MiniLB.RequestPath.Accept;

/// <summary>The sockets below client connections, on event loops of our own or .NET's.</summary>
internal sealed class ClientSockets : IClientSockets
{
    public static readonly ClientSockets All = new();

    public int UntakenBytes(ConnectionContext connection) =>
        connection is LoopConnection onLoop ? onLoop.UntakenBytes
        : SocketOf(connection) is { } socket ? SendQueue.Untaken(socket)
        : 0;

    public void EndOutput(ConnectionContext connection)
    {
        if (connection is LoopConnection onLoop)
        {
            onLoop.EndOutput();
            return;
        }

        try
        {
            SocketOf(connection)?.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It has ended already.
        }
    }

    public void WhenClosed(ConnectionContext connection, Action<object> callback, object state)
    {
        if (connection is LoopConnection onLoop)
        {
            onLoop.WhenEnded(callback, state);
        }
        else
        {
            connection.ConnectionClosed.UnsafeRegister(callback!, state);
        }
    }

    private static Socket? SocketOf(ConnectionContext connection) =>
        connection.Features.Get<IConnectionSocketFeature>()?.Socket;
}
