using MiniLB.State;

namespace MiniLB.BackgroundLoops.Connections;

/// <summary>What the connection sweep has to say; event ids from 700.</summary>
internal static partial class ConnectionLog
{
    [LoggerMessage(700, LogLevel.Debug, "{Client} took too long: {Phase}")]
    public static partial void TimedOut(ILogger logger, string client, ClientPhase phase);

    [LoggerMessage(702, LogLevel.Error, "a look at the client connections failed unexpectedly")]
    public static partial void BeatBroke(ILogger logger, Exception exception);

    [LoggerMessage(701, LogLevel.Debug, "closed {Client}: it took nothing of its answer")]
    public static partial void Stalled(ILogger logger, string client);
}
