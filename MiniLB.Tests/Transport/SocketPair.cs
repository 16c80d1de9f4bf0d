using System.Net;
using System.Net.Sockets;

namespace MiniLB.Tests.Transport;

/// <summary>Two ends of one TCP connection over loopback.</summary>
internal sealed class SocketPair : IDisposable
{
    public SocketPair()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        Ours = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        Ours.Connect(listener.LocalEndPoint!);
        Theirs = listener.Accept();
    }

    public Socket Ours { get; }

    public Socket Theirs { get; }

    /// <summary>Ends what they send, as a server does that closes a connection in good order.</summary>
    public void End() => Theirs.Shutdown(SocketShutdown.Send);

    /// <summary>Closes their end so that ours is reset instead of ended.</summary>
    public void Reset()
    {
        Theirs.LingerState = new LingerOption(true, 0);
        Theirs.Dispose();
    }

    public void Dispose()
    {
        Ours.Dispose();
        Theirs.Dispose();
    }
}
