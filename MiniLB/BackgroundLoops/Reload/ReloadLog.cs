namespace MiniLB.BackgroundLoops.Reload;

/// <summary>What a reload says. Event ids from 80.</summary>
internal static partial class ReloadLog
{
    [LoggerMessage(80, LogLevel.Information, "configuration read again ({Asker}), changes: {Count}")]
    public static partial void Reloaded(ILogger logger, string asker, int count);

    [LoggerMessage(81, LogLevel.Information, "configuration: {Change}")]
    public static partial void Changed(ILogger logger, string change);

    [LoggerMessage(82, LogLevel.Error, "configuration not reloaded ({Asker}), the old one stays in effect: {Error}")]
    public static partial void Refused(ILogger logger, string asker, string error);

    [LoggerMessage(83, LogLevel.Warning, "{Key} has changed and takes effect at the next start")]
    public static partial void AtNextStart(ILogger logger, string key);

    [LoggerMessage(85, LogLevel.Warning, "configuration: {Warning}")]
    public static partial void Warned(ILogger logger, string warning);

    [LoggerMessage(84, LogLevel.Error, "a reload broke")]
    public static partial void Broke(ILogger logger, Exception cause);
}
