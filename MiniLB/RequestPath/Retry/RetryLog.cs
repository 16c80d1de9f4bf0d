namespace MiniLB.RequestPath.Retry;

/// <summary>What live traffic says about backends; event ids from 400.</summary>
internal static partial class RetryLog
{
    [LoggerMessage(400, LogLevel.Warning,
        "backend {Backend} is ejected for {Seconds} s: {Failures} failures in a row, the last one {Failure}")]
    public static partial void Ejected(ILogger logger, string backend, double seconds, int failures, string failure);

    [LoggerMessage(401, LogLevel.Warning,
        "backend {Backend}: its circuit is open for {Seconds} s: too many requests fail, the last one {Failure}")]
    public static partial void CircuitOpened(ILogger logger, string backend, double seconds, string failure);

    [LoggerMessage(402, LogLevel.Information, "backend {Backend}: its circuit is closed again")]
    public static partial void CircuitClosed(ILogger logger, string backend);
}
