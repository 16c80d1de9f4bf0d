namespace MiniLB.BackgroundLoops.Certificates;

/// <summary>What is said of certificates. Event ids from 90.</summary>
internal static partial class CertificateLog
{
    [LoggerMessage(90, LogLevel.Warning, "certificate {Path} ({Names}) {Expiry}")]
    public static partial void NeedsRenewal(ILogger logger, string path, string names, string expiry);

    [LoggerMessage(91, LogLevel.Error, "looking at the certificates broke")]
    public static partial void LookBroke(ILogger logger, Exception cause);
}
