using MiniLB.Config.Options;
using MiniLB.State;
using MiniLB.Transport;

namespace MiniLB.BackgroundLoops.Shutdown;

/// <summary>Stops without losing a request.</summary>
/// <remarks>The order: the hand-over, where there is one; not ready; the delay, still serving; the listening sockets;
/// then each open connection gets one more answer, marked as its last, or is closed after two seconds of silence,
/// because a request may be on its way to us at the moment we decide; what is in flight has until the end of the grace
/// time; the rest is cut.</remarks>
/// <param name="listeners">Where clients come in.</param>
internal sealed class GracefulStop(
    ShutdownOptions options,
    Lifecycle lifecycle,
    ClientConnections connections,
    ListenerSet listeners,
    ILogger<GracefulStop> logger)
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(2);

    // Who connected just before clients were held back and says nothing holds up all others.
    private static readonly TimeSpan SilenceWhileHeldBack = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);
    private const int MostLooks = 25;

    /// <summary>True where another process has the listening sockets, that of the admin address too.</summary>
    public bool IsReplaced { get; init; }

    /// <param name="cut">Ends all waiting at once.</param>
    public async Task RunAsync(CancellationToken cut)
    {
        ShutdownLog.Stopping(
            logger, options.Grace == TimeSpan.Zero ? "no limit" : $"{options.Grace.TotalSeconds} s");
        if (options.HandOver > TimeSpan.Zero)
        {
            await HandOverAsync(cut);
        }

        lifecycle.BecomeUnready();
        try
        {
            await Task.Delay(options.Delay, cut);
        }
        catch (OperationCanceledException)
        {
            // A second signal: go on to the end without waiting.
        }

        lifecycle.BeginStop();
        await (IsReplaced ? listeners.StopAcceptingAsync() : listeners.StopAcceptingClientsAsync());
        await DrainAsync(() => connections.Open, EndOf(options.Grace), Silence, cut);
        await CutAsync([.. connections.Open], cut);
    }

    /// <summary>Becomes empty before the address moves to a node that would reset every connection made here.</summary>
    /// <remarks>What was open ends while others still come, each for one answer; so nearly nothing is open when they
    /// are held back, and that is soon over.</remarks>
    private async Task HandOverAsync(CancellationToken cut)
    {
        lifecycle.BeginStop();
        var before = connections.Open.ToArray();
        await DrainAsync(() => before.Where(connections.IsOpen), EndOf(options.Grace), Silence, cut);
        await CutAsync([.. before.Where(connections.IsOpen)], cut);
        listeners.HoldClientsBack();
        ShutdownLog.HandingOver(logger, connections.Open.Count(), $"{options.HandOver.TotalSeconds} s");
        var end = EndOf(options.HandOver);
        do
        {
            await DrainAsync(() => connections.Open, end, SilenceWhileHeldBack, cut);
            await Task.Delay(Look, CancellationToken.None);
        }
        while (!cut.IsCancellationRequested && Environment.TickCount64 < end && listeners.HasUnfinishedClients());
        ShutdownLog.HandedOver(logger, connections.Open.Count());
    }

    private static long EndOf(TimeSpan time) =>
        time == TimeSpan.Zero ? long.MaxValue : Environment.TickCount64 + (long)time.TotalMilliseconds;

    private async Task CutAsync(ClientConnection[] left, CancellationToken cut)
    {
        if (left.Length > 0)
        {
            ShutdownLog.Cut(logger, left.Sum(c => c.InFlight), left.Length);
        }

        foreach (var connection in left)
        {
            connection.EndTunnel();
        }

        // Their two sides are told that nothing more comes, which takes a moment.
        for (var i = 0; i < MostLooks && left.Any(IsOpenTunnel) && !cut.IsCancellationRequested; i++)
        {
            await Task.Delay(Look, CancellationToken.None);
        }

        foreach (var connection in left.Where(connections.IsOpen))
        {
            connection.Abort("the process stops");
        }
    }

    private bool IsOpenTunnel(ClientConnection connection) => connection.IsTunnel && connections.IsOpen(connection);

    private static async Task DrainAsync(
        Func<IEnumerable<ClientConnection>> open, long end, TimeSpan silence, CancellationToken cut)
    {
        var started = Environment.TickCount64;
        while (!cut.IsCancellationRequested && open().ToArray() is { Length: > 0 } left)
        {
            var now = Environment.TickCount64;
            if (now >= end)
            {
                return;
            }

            foreach (var connection in left)
            {
                var silentSince = Math.Max(started, connection.QuietSince);
                // A busy HTTP/2 connection may never be silent, and is told in time by GOAWAY.
                if (connection.InFlight == 0
                    ? now - silentSince >= silence.TotalMilliseconds
                    : connection.IsHttp2)
                {
                    connection.CloseWhenIdle();
                }
            }

            await Task.Delay(Look, CancellationToken.None);
        }
    }
}
