using MiniLB.Config.Options;
using MiniLB.Transport.Epoll;

namespace MiniLB.Transport;

/// <summary>The kept connections to one backend. Those of each event loop are apart, so that a request stays on its
/// thread.</summary>
/// <param name="idle">How long one is kept without use; zero means no limit.</param>
/// <param name="lifetime">How old one may become; zero means no limit.</param>
internal sealed class BackendConnectionPool(TimeSpan idle, TimeSpan lifetime) : IDisposable
{
    // Written at a reload, read by whoever takes or gives back.
    private TimeSpan _idle = idle;
    private TimeSpan _lifetime = lifetime;

    // By the index of the loop; one where there are none.
    private readonly KeptSlots[] _slots =
        [.. Enumerable.Range(0, EventLoops.OfProcess?.All.Count ?? 1).Select(_ => new KeptSlots())];

    private volatile bool _isClosed;

    /// <summary>Obeys other times from now on.</summary>
    public void Apply(TimeSpan idle, TimeSpan lifetime) => (_idle, _lifetime) = (idle, lifetime);

    /// <param name="tls">What it must have been secured by; null for a plain one.</param>
    /// <returns>A connection that was open a moment ago, or null where none is kept.</returns>
    public BackendConnection? TryTake(BackendTlsOptions? tls = null)
    {
        if (_slots.Length == 1)
        {
            return TryTake(_slots[0], tls);
        }

        if (EventLoop.Current is { } loop)
        {
            return TryTake(_slots[loop.Index], tls);
        }

        // Whoever runs on none goes on with the loop whose connection it gets.
        foreach (var slots in _slots)
        {
            if (TryTake(slots, tls) is { } connection)
            {
                return connection;
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

        Put(_slots[connection.Loop?.Index ?? 0], connection);
    }

    /// <summary>Closes what has ended or is kept for too long.</summary>
    public void Sweep(long now)
    {
        foreach (var slots in _slots)
        {
            for (var slot = slots.Count - 1; slot >= 0; slot--)
            {
                if (slots.Take(slot) is not { } connection)
                {
                    continue;
                }

                if (connection.IsQuiet && !IsTooOld(connection, now)
                    && (_idle == TimeSpan.Zero || now - connection.IdleSince < _idle.TotalMilliseconds))
                {
                    Put(slots, connection);
                }
                else
                {
                    connection.Retire();
                }
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
        foreach (var slots in _slots)
        {
            for (var slot = slots.Count - 1; slot >= 0; slot--)
            {
                slots.Take(slot)?.Retire();
            }
        }
    }

    private BackendConnection? TryTake(KeptSlots slots, BackendTlsOptions? tls)
    {
        var count = slots.Count;
        for (var slot = 0; slot < count; slot++)
        {
            if (slots.Take(slot) is { } connection)
            {
                // One that was in use at a reload may have been given back after the others were closed.
                if (connection.IsQuiet && connection.Tls == tls && !IsTooOld(connection, Environment.TickCount64))
                {
                    return connection;
                }

                connection.Retire();
            }
        }

        return null;
    }

    private void Put(KeptSlots slots, BackendConnection connection)
    {
        var slot = _isClosed ? -1 : slots.Put(connection);
        if (slot < 0)
        {
            connection.Retire();
        }
        else if (_isClosed)
        {
            // The closing may have passed this slot already.
            slots.Take(slot)?.Retire();
        }
    }

    private bool IsTooOld(BackendConnection connection, long now) =>
        _lifetime > TimeSpan.Zero && now - connection.OpenedAt >= _lifetime.TotalMilliseconds;
}
