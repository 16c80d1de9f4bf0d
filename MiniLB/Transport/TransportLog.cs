namespace MiniLB.Transport;

/// <summary>What the transport has to say; event ids from 100.</summary>
internal static partial class TransportLog
{
    [LoggerMessage(100, LogLevel.Error, "accepting on {Address} paused for {Milliseconds} ms: {Reason}")]
    public static partial void AcceptPaused(ILogger logger, string address, long milliseconds, string reason);
}
