using MiniLB.Config.Options;
using MiniLB.State;

namespace MiniLB.BackgroundLoops.Connections;

/// <summary>Once a second, ends what clients let wait for too long: a request, its head, or the taking of an
/// answer.</summary>
/// <remarks>An answer not taken is told by the kernel's send queue, not by a rate, which would cut slow readers
/// too.</remarks>
/// <param name="timeouts">Those of the moment.</param>
/// <param name="sweepBackends">Closes kept backend connections whose time is over; takes the time in
/// milliseconds.</param>
internal sealed class ConnectionSweep(
    ClientConnections connections,
    Func<ClientTimeoutOptions> timeouts,
    Action<long> sweepBackends,
    TimeProvider time,
    ILogger<ConnectionSweep> logger)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    // What a client that is still sending has to take its last answer and close.
    private static readonly TimeSpan LongestLinger = TimeSpan.FromSeconds(2);

    // For a PROXY header, from the accept: the default of Caddy's proxy_protocol listener wrapper.
    private static readonly TimeSpan LongestIntroduction = TimeSpan.FromSeconds(5);

    // A gap between two beats that says that the process stood still.
    private static readonly TimeSpan Gap = Period * 3;

    // A list of fewer is not made smaller.
    private const int Few = 256;

    // Empty between beats: a list of thousands is not made anew each second.
    private readonly List<ClientConnection> _swept = [];
    private long _lastBeat = long.MaxValue;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var beats = new Beats(Period, time, cancellationToken);
        while (await beats.NextAsync())
        {
            BeatSafely();
        }
    }

    private void BeatSafely()
    {
        try
        {
            BeatUnlessLate(Environment.TickCount64);
        }
        catch (Exception e)
        {
            // One connection in an odd state must not end the limits of all.
            ConnectionLog.BeatBroke(logger, e);
        }
    }

    /// <summary>Beats, but not right after the process stood still, as when the machine was suspended: what clients
    /// sent meanwhile is still to be read.</summary>
    internal void BeatUnlessLate(long now)
    {
        var isLate = now - _lastBeat > Gap.TotalMilliseconds;
        _lastBeat = now;
        if (!isLate)
        {
            Beat(now);
        }
    }

    /// <param name="now">Milliseconds.</param>
    internal void Beat(long now)
    {
        var limits = timeouts();
        try
        {
            connections.CopyTo(_swept);
            foreach (var connection in _swept)
            {
                EndWaiting(connection, now, limits);
                Note(connection, limits.Write > TimeSpan.Zero && !HasBeenToldNothing(connection)
                    ? Watch(connection, now, limits.Write)
                    : default);
            }
        }
        finally
        {
            var most = 4 * (Few + _swept.Count);
            _swept.Clear();
            // What a peak has taken is given back.
            _swept.Capacity = _swept.Capacity > most ? 0 : _swept.Capacity;
        }

        sweepBackends(now);
    }

    // No answer, nothing to take: most of what a flood opens is spared a look at its socket.
    private static bool HasBeenToldNothing(ClientConnection connection) =>
        connection.Phase is ClientPhase.Introducing or ClientPhase.Opened && connection.InFlight == 0;

    private void EndWaiting(ClientConnection connection, long now, ClientTimeoutOptions limits)
    {
        var limit = connection.Phase switch
        {
            ClientPhase.Introducing => LongestIntroduction,
            ClientPhase.Opened or ClientPhase.Reading => limits.Read,
            ClientPhase.Idle => limits.Idle,
            ClientPhase.Lingering => LongestLinger,
            _ => TimeSpan.Zero,
        };
        if (limit > TimeSpan.Zero && now - connection.PhaseSince >= limit.TotalMilliseconds)
        {
            ConnectionLog.TimedOut(logger, connection.PeerText, connection.Phase);
            connection.TimeOut();
        }
    }

    // The event loops have the connection in their caches: it is not written where there is nothing new.
    private static void Note(ClientConnection connection, Stall stall)
    {
        if (connection.Stall != stall)
        {
            connection.Stall = stall;
        }
    }

    private Stall Watch(ClientConnection connection, long now, TimeSpan write)
    {
        // An idle connection that has been looked at once since its last answer has nothing left to take.
        if (connection.InFlight == 0 && now - connection.QuietSince > write.TotalMilliseconds * 2
            && connection.Stall.Untaken == 0)
        {
            return default;
        }

        var untaken = connection.UntakenBytes;
        if (untaken == 0)
        {
            return default;
        }

        var (stall, answered) = (connection.Stall, connection.AnsweredBytes);
        if (stall.Untaken != untaken || stall.Answered != answered)
        {
            return new Stall(now, untaken, answered);
        }

        if (now - stall.Since >= write.TotalMilliseconds)
        {
            ConnectionLog.Stalled(logger, connection.PeerText);
            connection.Abort("no byte of the answer taken within timeouts.write");
            return default;
        }

        return stall;
    }
}
