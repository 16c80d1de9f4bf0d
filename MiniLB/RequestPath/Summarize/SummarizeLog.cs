namespace MiniLB.RequestPath.Summarize;

/// <summary>What Summarize has to say; event ids from 500.</summary>
internal static partial class SummarizeLog
{
    [LoggerMessage(500, LogLevel.Warning,
        "access log: {Lines} lines dropped because they could not be written fast enough or at all ({Total} in total)")]
    public static partial void LinesDropped(ILogger logger, long lines, long total);

    [LoggerMessage(503, LogLevel.Information, "access log: {Path} was opened again")]
    public static partial void Reopened(ILogger logger, string path);

    [LoggerMessage(504, LogLevel.Warning,
        "access log: {Path} cannot be opened again, so that lines still go where they went: {Reason}")]
    public static partial void NotReopened(ILogger logger, string path, string reason);

    [LoggerMessage(505, LogLevel.Warning,
        "access log: lines cannot be written and are dropped, while requests go on: {Reason}")]
    public static partial void NotWritten(ILogger logger, string reason);

    [LoggerMessage(506, LogLevel.Information, "access log: lines are written again; {Lines} were dropped")]
    public static partial void WrittenAgain(ILogger logger, long lines);

    [LoggerMessage(501, LogLevel.Debug, "{Method} {Target}: {Backend}: {Outcome}")]
    public static partial void Failed(
        ILogger logger, string method, string target, string backend, string outcome, Exception? cause);

    [LoggerMessage(502, LogLevel.Error, "{Method} {Target}: unexpected error")]
    public static partial void Unexpected(ILogger logger, string method, string target, Exception exception);
}
