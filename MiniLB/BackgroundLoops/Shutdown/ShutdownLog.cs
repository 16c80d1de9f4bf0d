namespace MiniLB.BackgroundLoops.Shutdown;

/// <summary>What the shutdown has to say; event ids from 800.</summary>
internal static partial class ShutdownLog
{
    [LoggerMessage(800, LogLevel.Information,
        "stopping: requests in flight have {Time}; a second signal stops at once")]
    public static partial void Stopping(ILogger logger, string time);

    [LoggerMessage(801, LogLevel.Warning, "cut {Requests} requests on {Connections} connections")]
    public static partial void Cut(ILogger logger, int requests, int connections);
}
