namespace MiniLB.RequestPath.Admit;

/// <summary>What Admit has to say; event ids from 200.</summary>
internal static partial class AdmitLog
{
    [LoggerMessage(200, LogLevel.Debug,
        "{Client}: {Method} {Target} is over the rate limit {Limit}, which only counts")]
    public static partial void OverDryRun(ILogger logger, string client, string method, string target, string limit);
}
