namespace MiniLB.Config;

/// <summary>The header names that neither rules nor hooks may change.</summary>
/// <remarks>Some end at this hop or say where a message ends: changed, they would make another message of it. The
/// others MiniLB writes itself.</remarks>
internal static class ProtectedHeaders
{
    private static readonly string[] OfTheHop =
    [
        "Connection", "Content-Length", "HTTP2-Settings", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization",
        "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
    ];

    /// <summary>Host among them: it may be set, but a request without one, or with two, is none.</summary>
    public static readonly string[] OfRequests =
    [
        .. OfTheHop, "Expect", "Host", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto",
        "X-Request-Id", "X-Client-Cert-Subject", "X-Client-Cert-Fingerprint",
    ];

    public static readonly string[] OfResponses = [.. OfTheHop, "Date", "Host"];

    public static bool IsHost(string name) => name.Equals("Host", StringComparison.OrdinalIgnoreCase);

    public static bool Holds(string[] names, string name) => names.Contains(name, StringComparer.OrdinalIgnoreCase);
}
