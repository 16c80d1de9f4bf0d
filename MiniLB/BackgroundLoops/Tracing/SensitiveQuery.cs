namespace MiniLB.BackgroundLoops.Tracing;

/// <summary>Blanks in the query of a span what OpenTelemetry's conventions for HTTP name as secret: the signatures of
/// URLs that stores of objects hand out.</summary>
internal static class SensitiveQuery
{
    private const string Redaction = "REDACTED";

    private static readonly string[] Names = ["AWSAccessKeyId", "Signature", "sig", "X-Goog-Signature"];

    public static string Redacted(string query) =>
        // Most have none of them, and are then not copied.
        Array.Exists(Names, n => query.Contains(n + "=", StringComparison.Ordinal))
            ? string.Join('&', query.Split('&').Select(RedactedPair))
            : query;

    private static string RedactedPair(string pair)
    {
        var end = pair.IndexOf('=', StringComparison.Ordinal);
        return end >= 0 && Names.Contains(pair[..end]) ? $"{pair[..end]}={Redaction}" : pair;
    }
}
