using System.Text;

namespace MiniLB.Wire;

/// <summary>Recognises field names, in any case.</summary>
internal static class FieldNames
{
    public static FieldId Identify(ReadOnlySpan<byte> name) => name.Length switch
    {
        2 => Is(name, "TE"u8) ? FieldId.Te : FieldId.Other,
        3 => Is(name, "Via"u8) ? FieldId.Via : FieldId.Other,
        4 => Is(name, "Host"u8) ? FieldId.Host : Is(name, "Date"u8) ? FieldId.Date : FieldId.Other,
        6 => Is(name, "Cookie"u8) ? FieldId.Cookie : Is(name, "Expect"u8) ? FieldId.Expect : FieldId.Other,
        7 => OfSeven(name),
        9 => Is(name, "Forwarded"u8) ? FieldId.Forwarded
            : IsForwarding(name, "X-Real-IP"u8) ? FieldId.Forwarding : FieldId.Other,
        10 => OfTen(name),
        12 => OfTwelve(name),
        13 => Is(name, "Authorization"u8) ? FieldId.Authorization : Family(name),
        14 => OfFourteen(name),
        16 => OfSixteen(name),
        17 => Is(name, "Transfer-Encoding"u8) ? FieldId.TransferEncoding
            : Is(name, "X-Forwarded-Proto"u8) ? FieldId.XForwardedProto : Family(name),
        18 => Is(name, "Proxy-Authenticate"u8) ? FieldId.ProxyAuthenticate : Family(name),
        19 => Is(name, "Proxy-Authorization"u8) ? FieldId.ProxyAuthorization : Family(name),
        > 12 => Family(name),
        _ => FieldId.Other,
    };

    private static FieldId OfSeven(ReadOnlySpan<byte> name) =>
        Is(name, "Upgrade"u8) ? FieldId.Upgrade
        : Is(name, "Trailer"u8) ? FieldId.Trailer
        : Is(name, "Referer"u8) ? FieldId.Referer
        : FieldId.Other;

    private static FieldId OfTen(ReadOnlySpan<byte> name) =>
        Is(name, "Connection"u8) ? FieldId.Connection
        : Is(name, "Keep-Alive"u8) ? FieldId.KeepAlive
        : Is(name, "User-Agent"u8) ? FieldId.UserAgent
        : FieldId.Other;

    private static FieldId OfTwelve(ReadOnlySpan<byte> name) =>
        Is(name, "Max-Forwards"u8) ? FieldId.MaxForwards
        : Is(name, "X-Request-Id"u8) ? FieldId.XRequestId
        : Is(name, "Content-Type"u8) ? FieldId.ContentType
        : IsForwarding(name, "X-Request-Id"u8) ? FieldId.Forwarding
        : FieldId.Other;

    private static FieldId OfFourteen(ReadOnlySpan<byte> name) =>
        Is(name, "Content-Length"u8) ? FieldId.ContentLength
        : Is(name, "HTTP2-Settings"u8) ? FieldId.Http2Settings
        : Family(name);

    private static FieldId OfSixteen(ReadOnlySpan<byte> name) =>
        Is(name, "WWW-Authenticate"u8) ? FieldId.WwwAuthenticate
        : Is(name, "Proxy-Connection"u8) ? FieldId.ProxyConnection
        : Is(name, "X-Forwarded-Host"u8) ? FieldId.XForwardedHost
        : Family(name);

    private static FieldId Family(ReadOnlySpan<byte> name) =>
        name.Length == 15 && Is(name, "X-Forwarded-For"u8) ? FieldId.XForwardedFor
        : name.Length == 15 && Is(name, "Idempotency-Key"u8) ? FieldId.IdempotencyKey
        : IsForwarding(name[..12], "X-Forwarded-"u8) ? FieldId.Forwarding
        : name.Length > 14 && IsForwarding(name[..14], "X-Client-Cert-"u8) ? FieldId.ClientCertificate
        : FieldId.Other;

    private static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> known) => Ascii.EqualsIgnoreCase(name, known);

    /// <summary>True for the pattern in any case, where a dash may be an underscore too.</summary>
    private static bool IsForwarding(ReadOnlySpan<byte> name, ReadOnlySpan<byte> pattern)
    {
        for (var i = 0; i < pattern.Length; i++)
        {
            var same = pattern[i] == '-' ? name[i] is (byte)'-' or (byte)'_' : (name[i] | 0x20) == (pattern[i] | 0x20);
            if (!same)
            {
                return false;
            }
        }

        return true;
    }
}
