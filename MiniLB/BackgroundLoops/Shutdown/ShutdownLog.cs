namespace MiniLB.BackgroundLoops.Shutdown;

/// <summary>What the shutdown has to say; event ids from 800.</summary>
internal static partial class ShutdownLog
{
    [LoggerMessage(800, LogLevel.Information,
        "stopping: requests in flight have {Time}; a second signal stops at once")]
    public static partial void Stopping(ILogger logger, string time);

    [LoggerMessage(801, LogLevel.Warning, "cut {Requests} requests on {Connections} connections")]
    public static partial void Cut(ILogger logger, int requests, int connections);

    [LoggerMessage(802, LogLevel.Information,
        "handing over: new connections are left unanswered; {Connections} are open and have {Time}")]
    public static partial void HandingOver(ILogger logger, int connections, string time);

    [LoggerMessage(803, LogLevel.Information, "handing over: {Connections} connections are left")]
    public static partial void HandedOver(ILogger logger, int connections);
}
