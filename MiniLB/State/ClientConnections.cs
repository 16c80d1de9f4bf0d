using System.Collections.Concurrent;

namespace MiniLB.State;

/// <summary>The open client connections. Added to and removed from by Accept, read by the sweep and the
/// shutdown.</summary>
internal sealed class ClientConnections
{
    private readonly ConcurrentDictionary<ClientConnection, byte> _open = new();

    public IEnumerable<ClientConnection> Open => _open.Keys;

    public bool IsEmpty => _open.IsEmpty;

    public void Add(ClientConnection connection) => _open.TryAdd(connection, 0);

    public void Remove(ClientConnection connection) => _open.TryRemove(connection, out _);
}
