namespace MiniLB.Admin;

/// <summary>What operators have changed at run time; event ids from 900.</summary>
internal static partial class AdminLog
{
    [LoggerMessage(900, LogLevel.Information, "pool {Pool}: backend {Backend} is {Mode} now; asked for by {Peer}")]
    public static partial void ModeChanged(ILogger logger, string pool, string backend, string mode, string peer);

    [LoggerMessage(901, LogLevel.Information,
        "pool {Pool}: backend {Backend} has weight {Weight} now; asked for by {Peer}")]
    public static partial void WeightChanged(ILogger logger, string pool, string backend, int weight, string peer);

    [LoggerMessage(902, LogLevel.Warning, "the dashboard cannot be told how things stand")]
    public static partial void NoEvent(ILogger logger, Exception cause);
}
