using Microsoft.AspNetCore.Connections;

namespace MiniLB.State;

/// <summary>What is asked of the sockets below client connections.</summary>
internal interface IClientSockets
{
    /// <returns>Bytes that were sent and the client has not taken yet; 0 where that cannot be told.</returns>
    int UntakenBytes(ConnectionContext connection);

    /// <summary>Ends our side; what the client sends still comes.</summary>
    void EndOutput(ConnectionContext connection);

    /// <summary>Has one caller told when the client's side has ended, be it at once.</summary>
    void WhenClosed(ConnectionContext connection, Action<object> callback, object state);
}
