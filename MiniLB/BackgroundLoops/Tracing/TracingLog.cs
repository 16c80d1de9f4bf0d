namespace MiniLB.BackgroundLoops.Tracing;

/// <summary>What the sending of spans has to say; event ids from 750.</summary>
internal static partial class TracingLog
{
    [LoggerMessage(750, LogLevel.Warning, "tracing: {Spans} spans dropped ({Total} in total): {Reason}")]
    public static partial void Dropped(ILogger logger, long spans, long total, string reason);
}
