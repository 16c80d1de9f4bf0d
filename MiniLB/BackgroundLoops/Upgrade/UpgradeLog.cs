namespace MiniLB.BackgroundLoops.Upgrade;

/// <summary>What upgrades have to say; event ids from 850.</summary>
internal static partial class UpgradeLog
{
    [LoggerMessage(850, LogLevel.Information, "upgrade ({Asker}): process {Process} is started from {Path}")]
    public static partial void Started(ILogger logger, string asker, int process, string path);

    [LoggerMessage(851, LogLevel.Information, "upgrade: process {Process} serves; this one finishes what it has")]
    public static partial void Replaced(ILogger logger, int process);

    [LoggerMessage(852, LogLevel.Error, "upgrade ({Asker}): {Problem}; this process goes on")]
    public static partial void Failed(ILogger logger, string asker, string problem);
}
