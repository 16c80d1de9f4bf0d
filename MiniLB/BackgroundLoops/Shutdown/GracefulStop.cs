using MiniLB.Config.Options;
using MiniLB.State;

namespace MiniLB.BackgroundLoops.Shutdown;

/// <summary>Stops without losing a request.</summary>
/// <remarks>The order: not ready; the delay, still serving; the listening sockets; then each open connection gets one
/// more
/// answer, marked as its last, or is closed after two seconds of silence, because a request may be on its way to us at
/// the moment we decide; what is in flight has until the end of the grace time; the rest is cut.</remarks>
/// <param name="stopAccepting">Closes the clients' listening sockets.</param>
internal sealed class GracefulStop(
    ShutdownOptions options,
    Lifecycle lifecycle,
    ClientConnections connections,
    Func<Task> stopAccepting,
    ILogger<GracefulStop> logger)
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);
    private const int MostLooks = 25;

    /// <param name="cut">Ends all waiting at once.</param>
    public async Task RunAsync(CancellationToken cut)
    {
        lifecycle.BecomeUnready();
        ShutdownLog.Stopping(
            logger, options.Grace == TimeSpan.Zero ? "no limit" : $"{options.Grace.TotalSeconds} s");
        try
        {
            await Task.Delay(options.Delay, cut);
        }
        catch (OperationCanceledException)
        {
            // A second signal: go on to the end without waiting.
        }

        lifecycle.BeginStop();
        await stopAccepting();
        await DrainAsync(Environment.TickCount64, cut);
        var left = connections.Open.ToArray();
        if (left.Length > 0)
        {
            ShutdownLog.Cut(logger, left.Sum(c => c.InFlight), left.Length);
        }

        foreach (var connection in left)
        {
            connection.EndTunnel();
        }

        await WaitForTunnelsAsync(cut);
        foreach (var connection in connections.Open)
        {
            connection.Abort("the process stops");
        }
    }

    // Their two sides are told that nothing more comes, which takes a moment.
    private async Task WaitForTunnelsAsync(CancellationToken cut)
    {
        for (var i = 0; i < MostLooks && connections.Open.Any(c => c.IsTunnel) && !cut.IsCancellationRequested; i++)
        {
            await Task.Delay(Look, CancellationToken.None);
        }
    }

    private async Task DrainAsync(long started, CancellationToken cut)
    {
        while (!connections.IsEmpty && !cut.IsCancellationRequested)
        {
            var now = Environment.TickCount64;
            if (options.Grace > TimeSpan.Zero && now - started >= options.Grace.TotalMilliseconds)
            {
                return;
            }

            foreach (var connection in connections.Open)
            {
                var silentSince = Math.Max(started, connection.QuietSince);
                if (connection.InFlight == 0 && now - silentSince >= Silence.TotalMilliseconds)
                {
                    connection.CloseWhenIdle();
                }
            }

            await Task.Delay(Look, CancellationToken.None);
        }
    }
}
