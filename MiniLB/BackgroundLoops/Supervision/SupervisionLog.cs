namespace MiniLB.BackgroundLoops.Supervision;

/// <summary>What is said of the service manager. Event ids from 95.</summary>
internal static partial class SupervisionLog
{
    [LoggerMessage(95, LogLevel.Warning, "the service manager does not hear: {Problem}")]
    public static partial void NotHeard(ILogger logger, string problem);

    [LoggerMessage(96, LogLevel.Error, "no ping for the service manager's watchdog: {Part} does not answer")]
    public static partial void Silent(ILogger logger, string part);

    [LoggerMessage(97, LogLevel.Warning, "all parts answer the watchdog again")]
    public static partial void Answers(ILogger logger);
}
