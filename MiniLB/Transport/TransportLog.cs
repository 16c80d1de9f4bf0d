namespace MiniLB.Transport;

/// <summary>What the transport has to say; event ids from 100.</summary>
internal static partial class TransportLog
{
    [LoggerMessage(100, LogLevel.Error, "accepting on {Address} paused for {Milliseconds} ms: {Reason}")]
    public static partial void AcceptPaused(ILogger logger, string address, long milliseconds, string reason);

    [LoggerMessage(101, LogLevel.Warning, "{Address} answers new connections during the hand-over: {Reason}")]
    public static partial void NotHeldBack(ILogger logger, string address, string reason);

    [LoggerMessage(102, LogLevel.Error, "serving a connection failed")]
    public static partial void NotServed(ILogger logger, Exception exception);
}
