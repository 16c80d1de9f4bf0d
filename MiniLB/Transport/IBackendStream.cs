using System.Net.Sockets;

namespace MiniLB.Transport;

/// <summary>The stream of a socket that was connected to a backend.</summary>
internal interface IBackendStream
{
    Socket Socket { get; }

    /// <summary>Has it counted.</summary>
    /// <param name="opened">Called now.</param>
    /// <param name="closed">Called once when it is closed.</param>
    void Count(Action opened, Action closed);
}
