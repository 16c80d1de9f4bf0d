using Microsoft.AspNetCore.Connections;
using MiniLB.Transport.Epoll;

namespace MiniLB.Transport;

/// <summary>Which listener has accepted a connection.</summary>
/// <remarks>Not a feature of those on our loops: theirs are made where somebody asks for them, and of a connection that
/// speaks HTTP/1.x nobody does.</remarks>
internal static class AcceptedBy
{
    public static void Note(ConnectionContext connection, TransportListener listener)
    {
        if (connection is LoopConnection onLoop)
        {
            onLoop.Listener = listener;
        }
        else
        {
            connection.Features.Set(listener);
        }
    }

    public static TransportListener Of(ConnectionContext connection) => connection is LoopConnection onLoop
        ? onLoop.Listener!
        : connection.Features.Get<TransportListener>()!;
}
