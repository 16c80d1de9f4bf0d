namespace MiniLB.BackgroundLoops.Health;

/// <summary>What the health loop has to say; event ids from 600. Only a change of health is news.</summary>
internal static partial class HealthLog
{
    [LoggerMessage(600, LogLevel.Information, "backend {Backend} is up: {Reason}")]
    public static partial void Up(ILogger logger, string backend, string reason);

    [LoggerMessage(601, LogLevel.Warning, "backend {Backend} is down: {Reason}")]
    public static partial void Down(ILogger logger, string backend, string reason);

    [LoggerMessage(602, LogLevel.Debug, "probe of {Backend}: {Reason}")]
    public static partial void Probed(ILogger logger, string backend, string reason);

    [LoggerMessage(603, LogLevel.Warning,
        "pool {Pool}: no backend is up; requests are tried on all of them until one is")]
    public static partial void NoneUp(ILogger logger, string pool);

    [LoggerMessage(606, LogLevel.Warning, "backend {Backend} stays as it is, its probe says nothing: {Reason}")]
    public static partial void SaysNothing(ILogger logger, string backend, string reason);

    [LoggerMessage(605, LogLevel.Information, "backend {Backend} is back in rotation: its probe passes")]
    public static partial void Readmitted(ILogger logger, string backend);

    [LoggerMessage(604, LogLevel.Error, "a probe of {Backend} failed unexpectedly")]
    public static partial void ProbeBroke(ILogger logger, string backend, Exception exception);
}
