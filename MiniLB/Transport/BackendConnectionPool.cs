namespace MiniLB.Transport;

/// <summary>The kept connections to one backend. Many take and give back at once, without a lock.</summary>
/// <remarks>The lowest slots are the busiest, so that connections which a past peak has left behind stay idle in the
/// higher ones until their time is over.</remarks>
/// <param name="idle">How long one is kept without use; zero means no limit.</param>
/// <param name="lifetime">How old one may become; zero means no limit.</param>
internal sealed class BackendConnectionPool(TimeSpan idle, TimeSpan lifetime) : IDisposable
{
    // More are closed instead of kept: a bound on descriptors that a peak leaves behind.
    private const int Most = 1024;

    // Written at a reload, read by whoever takes or gives back.
    private TimeSpan _idle = idle;
    private TimeSpan _lifetime = lifetime;

    private readonly BackendConnection?[] _slots = new BackendConnection?[Most];

    // Slots at and above it have never been used. Written by whoever fills a slot, read by all.
    private int _highest;
    private volatile bool _isClosed;

    /// <summary>Obeys other times from now on.</summary>
    public void Apply(TimeSpan idle, TimeSpan lifetime) => (_idle, _lifetime) = (idle, lifetime);

    /// <returns>A connection that was open a moment ago, or null where none is kept.</returns>
    public BackendConnection? TryTake()
    {
        var highest = Volatile.Read(ref _highest);
        for (var i = 0; i < highest; i++)
        {
            if (_slots[i] is not null && Interlocked.Exchange(ref _slots[i], null) is { } connection)
            {
                if (connection.IsQuiet && !IsTooOld(connection, Environment.TickCount64))
                {
                    return connection;
                }

                connection.Retire();
            }
        }

        return null;
    }

    /// <summary>Keeps a connection whose exchange is over, or closes it where it cannot be kept.</summary>
    public void GiveBack(BackendConnection connection)
    {
        var now = Environment.TickCount64;
        if (IsTooOld(connection, now) || !connection.TryKeep(now))
        {
            connection.Retire();
            return;
        }

        Put(connection);
    }

    /// <summary>Closes what has ended or is kept for too long.</summary>
    public void Sweep(long now)
    {
        for (var i = Volatile.Read(ref _highest) - 1; i >= 0; i--)
        {
            // Taken out before it is looked at: a connection has one owner.
            if (_slots[i] is null || Interlocked.Exchange(ref _slots[i], null) is not { } connection)
            {
                continue;
            }

            if (connection.IsQuiet && !IsTooOld(connection, now)
                && (_idle == TimeSpan.Zero || now - connection.IdleSince < _idle.TotalMilliseconds))
            {
                Put(connection);
            }
            else
            {
                connection.Retire();
            }
        }
    }

    public void Dispose()
    {
        _isClosed = true;
        Clear();
    }

    /// <summary>Closes all that are kept.</summary>
    public void Clear()
    {
        for (var i = 0; i < Most; i++)
        {
            Interlocked.Exchange(ref _slots[i], null)?.Retire();
        }
    }

    private void Put(BackendConnection connection)
    {
        for (var i = 0; i < Most && !_isClosed; i++)
        {
            if (_slots[i] is null && Interlocked.CompareExchange(ref _slots[i], connection, null) is null)
            {
                Raise(i + 1);
                if (_isClosed)
                {
                    // The closing may have passed this slot already.
                    Interlocked.Exchange(ref _slots[i], null)?.Retire();
                }

                return;
            }
        }

        connection.Retire();
    }

    private bool IsTooOld(BackendConnection connection, long now) =>
        _lifetime > TimeSpan.Zero && now - connection.OpenedAt >= _lifetime.TotalMilliseconds;

    private void Raise(int to)
    {
        var highest = Volatile.Read(ref _highest);
        while (highest < to)
        {
            var before = Interlocked.CompareExchange(ref _highest, to, highest);
            if (before == highest)
            {
                return;
            }

            highest = before;
        }
    }
}
