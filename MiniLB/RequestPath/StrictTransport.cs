using MiniLB.RequestPath.Forward;
using MiniLB.State;
using MiniLB.Wire;

namespace MiniLB.RequestPath;

/// <summary>Tells browsers, in each answer over TLS, to come by https only (RFC 6797 section 7.2: never without
/// TLS).</summary>
internal static class StrictTransport
{
    public static void Apply(ClientConnection connection, ResponseHead head)
    {
        if (connection.Tls is not null && connection.Listener?.Tls?.Hsts is { } value)
        {
            // Of two such fields the first would count (section 8.1).
            FieldChanges.Remove(head.Fields, "Strict-Transport-Security"u8);
            head.Fields.Add("Strict-Transport-Security"u8, value);
        }
    }
}
