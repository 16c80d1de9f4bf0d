using System.Security.Cryptography;

namespace MiniLB.Transport;

/// <summary>What a backend's TLS alerts mean (RFC 8446 section 6.2).</summary>
/// <remarks>In TLS 1.3 the client is through with the handshake before the backend has looked at the client's
/// certificate: a refusal comes with the first read.</remarks>
internal static class TlsAlertRules
{
    // OpenSSL's errors: the library's number is 20, and the reason of an alert is its number above 1000 (ssl.h,
    // sslerr.h). Version 3 puts the library at bit 23, version 1.1 at bit 24.
    private const int SslLibrary = 20;
    private const int AlertBase = 1000;
    private const int WrongVersionNumber = 267;
    private const int UnsupportedProtocol = 258;

    /// <returns>True where the backend has broken off the handshake. On a connection that is new it has not looked at
    /// any request then; what comes later is no such refusal.</returns>
    public static bool IsRefusal(Exception? exception) =>
        ReasonOf(exception) is > AlertBase and var reason && Words(reason) is not null;

    /// <returns>What happened, in words; null where it is nothing that TLS knows of.</returns>
    public static string? Describe(Exception? exception) =>
        ReasonOf(exception) is { } reason ? Words(reason) ?? Unknown(reason) : null;

    /// <param name="reason">OpenSSL's.</param>
    internal static string? Words(int reason) => reason switch
    {
        AlertBase + 40 => "it refuses the TLS handshake: nothing in common, or it wants a client certificate "
            + "(tls.certificate, tls.key)",
        AlertBase + 116 => "it wants a client certificate (tls.certificate, tls.key)",
        AlertBase + 42 or AlertBase + 43 or AlertBase + 46 => "it does not accept the client certificate",
        AlertBase + 44 => "it does not accept the client certificate: revoked",
        AlertBase + 45 => "it does not accept the client certificate: expired",
        AlertBase + 48 => "it does not accept the client certificate: its authority is unknown there",
        AlertBase + 49 => "it does not accept the client certificate: access denied",
        AlertBase + 51 => "it does not accept the client certificate: its signature is wrong",
        AlertBase + 70 or UnsupportedProtocol => "it speaks neither TLS 1.2 nor TLS 1.3",
        AlertBase + 71 => "it refuses the TLS handshake: insufficient security",
        AlertBase + 112 => "it does not know the name that it is asked for (tls.serverName)",
        AlertBase + 120 => "it agrees to no version of HTTP that this pool may speak (http)",
        WrongVersionNumber => "it does not speak TLS",
        _ => null,
    };

    private static string? Unknown(int reason) =>
        reason is > AlertBase and < AlertBase + 256 ? $"it refuses TLS with alert {reason - AlertBase}" : null;

    private static int? ReasonOf(Exception? exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e is CryptographicException && IsOfSsl((uint)e.HResult))
            {
                return e.HResult & 0xFFF;
            }
        }

        return null;
    }

    private static bool IsOfSsl(uint code) => code >> 23 == SslLibrary || code >> 24 == SslLibrary;
}
