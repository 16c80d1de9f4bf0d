using System.Collections.Concurrent;

namespace MiniLB.State;

/// <summary>The open client connections. Added to and removed from by Accept, read by the sweep and the
/// shutdown.</summary>
internal sealed class ClientConnections
{
    private readonly ConcurrentDictionary<ClientConnection, byte> _open = new();
    private long _opened;
    private long _closed;

    /// <summary>Those of clients; a stop waits for them.</summary>
    public IEnumerable<ClientConnection> Open => All.Where(c => !c.IsAdmin);

    /// <summary>Those of clients and those to the admin address.</summary>
    public IEnumerable<ClientConnection> All => _open.Keys;

    public bool IsEmpty => !Open.Any();

    /// <summary>Those of clients since the start.</summary>
    public long Opened => Volatile.Read(ref _opened);

    /// <summary>Those of clients that are open.</summary>
    public long Count => Math.Max(0, Opened - Volatile.Read(ref _closed));

    public bool IsOpen(ClientConnection connection) => _open.ContainsKey(connection);

    public void Add(ClientConnection connection)
    {
        if (_open.TryAdd(connection, 0) && !connection.IsAdmin)
        {
            Interlocked.Increment(ref _opened);
        }
    }

    public void Remove(ClientConnection connection)
    {
        if (_open.TryRemove(connection, out _) && !connection.IsAdmin)
        {
            Interlocked.Increment(ref _closed);
        }
    }
}
