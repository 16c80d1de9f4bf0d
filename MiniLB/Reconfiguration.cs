using MiniLB.Config;
using MiniLB.Config.Options;
using MiniLB.Logging;
using MiniLB.RequestPath.Accept;
using MiniLB.RequestPath.Summarize;
using MiniLB.State;
using MiniLB.Transport;

namespace MiniLB;

/// <summary>Puts another configuration into effect while everything runs, or leaves everything as it is.</summary>
/// <remarks>What can fail comes first: opening sockets and the access log. Then the world changes, in one step, and
/// with it what each next request sees; the rest follows.</remarks>
internal sealed class Reconfiguration(
    World world,
    ListenerSet listeners,
    ClientAcceptor acceptor,
    RequestPipeline pipeline,
    ILogger<AccessLog> logger)
{
    /// <returns>Null, or why it cannot be; then nothing was changed.</returns>
    public async Task<string?> ApplyAsync(BalancerOptions options)
    {
        ListenerChange sockets;
        try
        {
            sockets = listeners.Prepare(options);
        }
        catch (ListenException e)
        {
            return e.Message;
        }

        var oldLog = pipeline.AccessLog;
        AccessLog? newLog;
        try
        {
            newLog = IsSame(world.Current.Options.AccessLog, options.AccessLog)
                ? oldLog
                : AccessLog.Open(options.AccessLog, logger, world.Statistics.LostLines);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            sockets.Discard();
            return $"accessLog.path: {e.Message}";
        }

        if (world.Reload(options) is { } problem)
        {
            sockets.Discard();
            (newLog == oldLog ? null : newLog)?.Dispose();
            return problem;
        }

        acceptor.MostConnections = MemoryPlan.Current.Connections(options.Limits);
        pipeline.MostInFlight = MemoryPlan.Current.InFlight(options.Limits);
        ProgramLog.Level = options.Log.Level;
        pipeline.AccessLog = newLog;
        _ = newLog == oldLog ? Task.CompletedTask : CloseAsync(oldLog);
        await sockets.ApplyAsync();
        return null;
    }

    // A request that is just ending may still write to it.
    private static async Task CloseAsync(AccessLog? log)
    {
        await Task.Delay(TimeSpan.FromSeconds(1));
        log?.Dispose();
    }

    private static bool IsSame(AccessLogOptions a, AccessLogOptions b) =>
        a with { RequestHeaders = [], ResponseHeaders = [] } == b with { RequestHeaders = [], ResponseHeaders = [] }
        && a.RequestHeaders.SequenceEqual(b.RequestHeaders) && a.ResponseHeaders.SequenceEqual(b.ResponseHeaders);
}
