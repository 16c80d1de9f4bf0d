using System.Net.Sockets;
using MiniLB.Config.Options;
using MiniLB.State;

namespace MiniLB.BackgroundLoops.Connections;

/// <summary>Once a second, closes client connections that never began a request, or do not take their answer.</summary>
/// <remarks>Kestrel's own limits cannot say either: its first limit is the idle one, and its limit for writing is a
/// rate,
/// which would cut slow readers too.</remarks>
/// <param name="untakenBytes">What a socket's peer has not taken yet.</param>
internal sealed class ConnectionSweep(
    ClientConnections connections,
    ClientTimeoutOptions timeouts,
    Func<Socket, int> untakenBytes,
    TimeProvider time,
    ILogger<ConnectionSweep> logger)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private Dictionary<ClientConnection, Stall> _stalls = [];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                BeatSafely();
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The end of the process.
        }
    }

    private void BeatSafely()
    {
        try
        {
            Beat(Environment.TickCount64);
        }
        catch (Exception e)
        {
            // One connection in an odd state must not end the limits of all.
            ConnectionLog.BeatBroke(logger, e);
        }
    }

    /// <param name="now">Milliseconds.</param>
    internal void Beat(long now)
    {
        var stalls = new Dictionary<ClientConnection, Stall>();
        foreach (var connection in connections.Open)
        {
            if (connection.Requests == 0)
            {
                CloseIfSilent(connection, now);
            }
            else if (timeouts.Write > TimeSpan.Zero)
            {
                Watch(connection, now, stalls);
            }
        }

        _stalls = stalls;
    }

    private void CloseIfSilent(ClientConnection connection, long now)
    {
        // One period more than Kestrel's limit, which answers a half-sent head with 408 where this could not.
        if (timeouts.Read > TimeSpan.Zero
            && now - connection.OpenedAt > (timeouts.Read + (2 * Period)).TotalMilliseconds)
        {
            ConnectionLog.Silent(logger, connection.PeerText);
            connection.Abort("no request head within timeouts.read");
        }
    }

    private void Watch(ClientConnection connection, long now, Dictionary<ClientConnection, Stall> stalls)
    {
        // An idle connection that has been looked at once since its last answer has nothing left to take.
        if (connection.InFlight == 0 && now - connection.QuietSince > timeouts.Write.TotalMilliseconds * 2
            && !_stalls.ContainsKey(connection))
        {
            return;
        }

        var untaken = connection.Socket is { } socket ? untakenBytes(socket) : 0;
        if (untaken == 0)
        {
            return;
        }

        var answered = connection.AnsweredBytes;
        if (!_stalls.TryGetValue(connection, out var stall) || stall.Untaken != untaken || stall.Answered != answered)
        {
            stall = new Stall(now, untaken, answered);
        }

        if (now - stall.Since >= timeouts.Write.TotalMilliseconds)
        {
            ConnectionLog.Stalled(logger, connection.PeerText);
            connection.Abort("no byte of the answer taken within timeouts.write");
            return;
        }

        stalls[connection] = stall;
    }

    /// <summary>What a connection had not taken, and since when that has not changed.</summary>
    private readonly record struct Stall(long Since, int Untaken, long Answered);
}
