using MiniLB.Config.Options;
using MiniLB.State;
using MiniLB.Transport;

namespace MiniLB.RequestPath.Forward;

/// <summary>The backend connections that were introduced as one client's and wait for its next request.</summary>
/// <remarks>One client connection's, used by one request at a time. Unlike a <see cref="PersonalConnection"/> one of
/// these binds the client to no backend: another would be told the same.</remarks>
internal sealed class IntroducedConnections
{
    // A client whose requests go to more backends in turn has the oldest closed: what one client holds open is bounded.
    private const int Most = 8;

    private readonly List<PersonalConnection> _kept = [];

    /// <param name="backend">Whose.</param>
    /// <param name="introduction">What the backend must have been told.</param>
    /// <param name="limits">How long one may be kept.</param>
    /// <param name="now">Milliseconds.</param>
    /// <returns>A connection that was open a moment ago, or null where none is kept.</returns>
    public BackendConnection? TryTake(
        Backend backend, ReadOnlySpan<byte> introduction, KeepAliveOptions limits, long now)
    {
        for (var i = _kept.Count - 1; i >= 0; i--)
        {
            var (owner, connection) = _kept[i];
            if (!owner.KeepsConnections || !connection.IsQuiet || IsOver(connection, limits, now))
            {
                _kept.RemoveAt(i);
                connection.Retire();
            }
            else if (owner == backend)
            {
                _kept.RemoveAt(i);
                if (connection.Introduction.Span.SequenceEqual(introduction))
                {
                    return connection;
                }

                // The client is another one now: it comes through a proxy that serves many.
                connection.Retire();
            }
        }

        return null;
    }

    /// <summary>Keeps a connection whose exchange is over, or closes it where it cannot be kept.</summary>
    public void Keep(Backend backend, BackendConnection connection, long now)
    {
        if (!connection.TryKeep(now))
        {
            connection.Retire();
            return;
        }

        if (_kept.Count == Most)
        {
            _kept[0].Connection.Retire();
            _kept.RemoveAt(0);
        }

        _kept.Add(new PersonalConnection(backend, connection));
    }

    public void Retire()
    {
        _kept.ForEach(k => k.Connection.Retire());
        _kept.Clear();
    }

    private static bool IsOver(BackendConnection connection, KeepAliveOptions limits, long now) =>
        IsOver(limits.Idle, now - connection.IdleSince) || IsOver(limits.Lifetime, now - connection.OpenedAt);

    private static bool IsOver(TimeSpan limit, long passed) =>
        limit > TimeSpan.Zero && passed >= limit.TotalMilliseconds;
}
