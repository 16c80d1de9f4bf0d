namespace MiniLB.State;

/// <summary>The open client connections. Added to and removed from by Accept, read by the sweep and the
/// shutdown.</summary>
internal sealed class ClientConnections
{
    private readonly Lock _changing = new();

    // A list through the connections themselves: each costs nothing beside what it is.
    private ClientConnection? _first;
    private int _listed;
    private long _opened;
    private long _closed;

    /// <summary>Those of clients; a stop waits for them.</summary>
    public IEnumerable<ClientConnection> Open => All.Where(c => !c.IsAdmin);

    /// <summary>Those of clients and those to the admin address, as they are at this moment.</summary>
    public IReadOnlyList<ClientConnection> All
    {
        get
        {
            var all = new List<ClientConnection>();
            CopyTo(all);
            return all;
        }
    }

    public bool IsEmpty => Count == 0;

    /// <summary>Those of clients since the start.</summary>
    public long Opened => Volatile.Read(ref _opened);

    /// <summary>Those of clients that are open.</summary>
    public long Count
    {
        get
        {
            // In this order: what is opened and closed in between must not hide one that is open.
            var closed = Volatile.Read(ref _closed);
            return Opened - closed;
        }
    }

    /// <summary>As <see cref="All"/>, for whoever has a list.</summary>
    public void CopyTo(List<ClientConnection> all)
    {
        lock (_changing)
        {
            all.EnsureCapacity(all.Count + _listed);
            for (var next = _first; next is not null; next = next.Place.Next)
            {
                all.Add(next);
            }
        }
    }

    public bool IsOpen(ClientConnection connection)
    {
        lock (_changing)
        {
            return connection.Place.IsListed;
        }
    }

    /// <param name="connection">Was never added before.</param>
    public void Add(ClientConnection connection)
    {
        lock (_changing)
        {
            connection.Place = new Link { Next = _first, IsListed = true };
            if (_first is not null)
            {
                _first.Place.Previous = connection;
            }

            _first = connection;
            _listed++;
            _opened += connection.IsAdmin ? 0 : 1;
        }
    }

    public void Remove(ClientConnection connection)
    {
        lock (_changing)
        {
            ref var place = ref connection.Place;
            if (!place.IsListed)
            {
                return;
            }

            if (place.Previous is { } previous)
            {
                previous.Place.Next = place.Next;
            }
            else
            {
                _first = place.Next;
            }

            if (place.Next is { } next)
            {
                next.Place.Previous = place.Previous;
            }

            place = default;
            _listed--;
            _closed += connection.IsAdmin ? 0 : 1;
        }
    }

    /// <summary>Where a connection stands in the list.</summary>
    internal struct Link
    {
        public ClientConnection? Previous;
        public ClientConnection? Next;
        public bool IsListed;
    }
}
