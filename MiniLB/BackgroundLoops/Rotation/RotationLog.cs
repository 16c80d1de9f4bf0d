namespace MiniLB.BackgroundLoops.Rotation;

/// <summary>What the rotation loop has to say; event ids from 650.</summary>
internal static partial class RotationLog
{
    [LoggerMessage(650, LogLevel.Information, "backend {Backend} is back in rotation: {Reason}")]
    public static partial void Readmitted(ILogger logger, string backend, string reason);

    [LoggerMessage(651, LogLevel.Information, "backend {Backend}: its circuit is tried with a few requests")]
    public static partial void HalfOpen(ILogger logger, string backend);

    [LoggerMessage(652, LogLevel.Error, "the rotation of {Backend} could not be looked after")]
    public static partial void BeatBroke(ILogger logger, string backend, Exception exception);
}
