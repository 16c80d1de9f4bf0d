using System.Text;

namespace MiniLB.Wire;

/// <summary>Switching to another protocol on an HTTP/1.1 connection (RFC 9110 section 7.8).</summary>
internal static class UpgradeRules
{
    /// <returns>What the client asks for, as sent; null where it asks for nothing that is passed on.</returns>
    public static string? Wanted(RequestHead head)
    {
        // A body would have to be sent before anyone knows who reads what follows it.
        var asks = head.Fields.Has(FieldId.Upgrade) && head.MinorVersion == 1 && head.Framing == BodyFraming.None
            && head.Fields.CountOf(FieldId.Upgrade) == 1 && head.Fields.Lists(FieldId.Connection, "upgrade"u8);
        var value = asks ? head.Fields.First(FieldId.Upgrade) : default;
        return value.IsEmpty || LeadsToHttp2(value) ? null : Encoding.Latin1.GetString(value);
    }

    /// <summary>True where a 101 switches to something that was asked for.</summary>
    public static bool IsAsked(ResponseHead answer, string? wanted) =>
        wanted is not null && answer.Fields.CountOf(FieldId.Upgrade) == 1
        && !answer.Fields.First(FieldId.Upgrade).IsEmpty
        && ListSyntax.Contains(Encoding.Latin1.GetBytes(wanted), answer.Fields.First(FieldId.Upgrade));

    // A backend that switched would be spoken to by the client unseen: the way around every rule of a proxy.
    private static bool LeadsToHttp2(ReadOnlySpan<byte> value) => ListSyntax.Contains(value, "h2c"u8);
}
