using System.Text;
using MiniLB.Wire;

namespace MiniLB.RequestPath.Forward;

/// <summary>Which header fields are passed on.</summary>
internal static class HeaderRules
{
    /// <summary>True for fields that end at this hop (RFC 9110 section 7.6.1) or that we write ourselves.</summary>
    public static bool EndsHere(FieldId id) => id is FieldId.Connection or FieldId.KeepAlive
        or FieldId.ProxyConnection or FieldId.ProxyAuthenticate or FieldId.ProxyAuthorization or FieldId.Te
        or FieldId.TransferEncoding or FieldId.Upgrade or FieldId.Http2Settings;

    /// <summary>True for what is written from <see cref="ForwardedFields"/>, not copied.</summary>
    public static bool IsOurs(FieldId id) => id is FieldId.Via or FieldId.XForwardedFor or FieldId.XForwardedHost
        or FieldId.XForwardedProto or FieldId.XRequestId;

    /// <summary>True for what a request does not carry on because of who sent it, or because we write it
    /// anew.</summary>
    public static bool IsReplaced(FieldId id, Exchange exchange) => id switch
    {
        FieldId.Forwarding => !exchange.IsFromTrustedProxy,
        FieldId.Forwarded => !exchange.IsFromTrustedProxy || exchange.Forwarded.ListValue is not null,
        // Who the client has proved to us to be stands above what any proxy says.
        FieldId.ClientCertificate => !exchange.IsFromTrustedProxy || exchange.Connection.Tls?.Client is not null,
        _ => IsOurs(id),
    };

    /// <summary>True for fields that a Connection field cannot take away: without them the message would be another
    /// one, or lack what we have to add.</summary>
    public static bool IsProtected(FieldId id) => id is FieldId.Host or FieldId.ContentLength or FieldId.Date
        or FieldId.Expect;

    /// <summary>Holds every line that ends here, those that a Connection field names included.</summary>
    public static void Hold(FieldList fields)
    {
        for (var i = 0; i < fields.Count; i++)
        {
            if (EndsHere(fields[i].Id))
            {
                fields.Hold(i);
            }
        }

        for (var i = 0; fields.Has(FieldId.Connection) && i < fields.Count; i++)
        {
            if (fields[i].Id == FieldId.Connection)
            {
                HoldNamed(fields[i].Value, fields);
            }
        }
    }

    private static void HoldNamed(ReadOnlySpan<byte> options, FieldList fields)
    {
        foreach (var range in options.Split((byte)','))
        {
            var option = options[range].Trim(" \t"u8);
            // A list of nothing but commas must not cost a look at every field for each of them.
            for (var i = 0; !option.IsEmpty && i < fields.Count; i++)
            {
                var field = fields[i];
                if (field.Name.Length == option.Length && !IsProtected(field.Id)
                    && Ascii.EqualsIgnoreCase(field.Name, option))
                {
                    fields.Hold(i);
                }
            }
        }
    }
}
