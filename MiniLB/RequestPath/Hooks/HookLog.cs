namespace MiniLB.RequestPath.Hooks;

/// <summary>What is said about hooks; event ids from 300.</summary>
internal static partial class HookLog
{
    [LoggerMessage(300, LogLevel.Error, "{Hook} failed at {Method} {Target}; the request was answered 500")]
    public static partial void Failed(
        ILogger logger, string hook, string method, string target, Exception exception);

    [LoggerMessage(301, LogLevel.Error,
        "a hook answered {Status} to {Method} {Target}, which would open a WebSocket; the request was answered 500")]
    public static partial void NotAnswerable(ILogger logger, int status, string method, string target);
}
