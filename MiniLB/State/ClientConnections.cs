using System.Collections.Concurrent;

namespace MiniLB.State;

/// <summary>The open client connections. Added to and removed from by Accept, read by the sweep and the
/// shutdown.</summary>
internal sealed class ClientConnections
{
    private readonly ConcurrentDictionary<ClientConnection, byte> _open = new();

    /// <summary>Those of clients; a stop waits for them.</summary>
    public IEnumerable<ClientConnection> Open => All.Where(c => !c.IsAdmin);

    /// <summary>Those of clients and those to the admin address.</summary>
    public IEnumerable<ClientConnection> All => _open.Keys;

    public bool IsEmpty => !Open.Any();

    public void Add(ClientConnection connection) => _open.TryAdd(connection, 0);

    public void Remove(ClientConnection connection) => _open.TryRemove(connection, out _);
}
