namespace MiniLB.BackgroundLoops.Discovery;

/// <summary>What discovery says; event ids from 620. Only what is different from before is news.</summary>
internal static partial class DiscoveryLog
{
    [LoggerMessage(620, LogLevel.Information, "discovery: {Sign} pools.{Pool}.backends {Backend} ({Source})")]
    public static partial void Changed(ILogger logger, string sign, string pool, string backend, string source);

    [LoggerMessage(621, LogLevel.Information, "discovery: and {Count} more in pool {Pool}")]
    public static partial void More(ILogger logger, int count, string pool);

    [LoggerMessage(622, LogLevel.Warning,
        "discovery: {Source} cannot be looked up, what was found last stays: {Problem}")]
    public static partial void Failed(ILogger logger, string source, string problem);

    [LoggerMessage(623, LogLevel.Information, "discovery: {Source} is looked up again, backends: {Count}")]
    public static partial void Recovered(ILogger logger, string source, int count);

    [LoggerMessage(624, LogLevel.Warning, "discovery: pool {Pool} has no backend; its requests are answered 503")]
    public static partial void NoBackend(ILogger logger, string pool);

    [LoggerMessage(625, LogLevel.Warning,
        "discovery: pool {Pool}: {Count} backends of {Source} are left out, a pool has no room for more")]
    public static partial void LeftOut(ILogger logger, string pool, int count, string source);

    [LoggerMessage(626, LogLevel.Warning, "discovery: {Source}: nothing was changed: {Problem}")]
    public static partial void Refused(ILogger logger, string source, string problem);

    [LoggerMessage(627, LogLevel.Warning,
        "discovery: {Source} has no answer within {Seconds} s and is not waited for")]
    public static partial void Slow(ILogger logger, string source, double seconds);

    [LoggerMessage(628, LogLevel.Error, "discovery: looking {Source} up broke")]
    public static partial void Broke(ILogger logger, string source, Exception cause);
}
