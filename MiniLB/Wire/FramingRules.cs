using System.Text;

namespace MiniLB.Wire;

/// <summary>Where a message ends (RFC 9112 section 6). One way of saying it, once; anything else is refused.</summary>
internal static class FramingRules
{
    public static WireError OfRequest(RequestHead head)
    {
        if (Check(head.Fields, head.MinorVersion) is var error and not WireError.None)
        {
            return error;
        }

        if (head.Fields.Has(FieldId.TransferEncoding))
        {
            head.Framing = BodyFraming.Chunked;
        }
        else if (head.Fields.Has(FieldId.ContentLength))
        {
            Numbers.TryDecimal(head.Fields.First(FieldId.ContentLength), out var length);
            head.ContentLength = length;
            head.Framing = length > 0 ? BodyFraming.Length : BodyFraming.None;
        }

        return WireError.None;
    }

    /// <param name="head">The response, whose status and fields have been read.</param>
    /// <param name="toHead">True for the answer to a HEAD request.</param>
    public static WireError OfResponse(ResponseHead head, bool toHead)
    {
        if (Check(head.Fields, head.MinorVersion) is var error and not WireError.None)
        {
            return error;
        }

        if (head.Fields.Has(FieldId.ContentLength))
        {
            Numbers.TryDecimal(head.Fields.First(FieldId.ContentLength), out var length);
            head.ContentLength = length;
        }

        head.Framing = HasNoBody(head.Status, toHead) ? BodyFraming.None
            : head.Fields.Has(FieldId.TransferEncoding) ? BodyFraming.Chunked
            : head.ContentLength is { } announced ? announced == 0 ? BodyFraming.None : BodyFraming.Length
            : BodyFraming.UntilClose;
        return WireError.None;
    }

    private static bool HasNoBody(int status, bool toHead) => toHead || status is < 200 or 204 or 304;

    private static WireError Check(FieldList fields, int minorVersion)
    {
        if (!fields.Has(FieldId.TransferEncoding))
        {
            return !fields.Has(FieldId.ContentLength) || HasSoundLength(fields)
                ? WireError.None
                : WireError.ContentLength;
        }

        if (HasTwoFramings(fields))
        {
            return WireError.TwoFramings;
        }

        // HTTP/1.0 has no transfer codings: somebody on the way did not understand the field.
        if (minorVersion == 0 || fields.CountOf(FieldId.TransferEncoding) != 1)
        {
            return WireError.TransferEncoding;
        }

        return CheckCoding(fields.First(FieldId.TransferEncoding));
    }

    private static bool HasSoundLength(FieldList fields) =>
        fields.CountOf(FieldId.ContentLength) == 1
        && Numbers.TryDecimal(fields.First(FieldId.ContentLength), out _);

    private static bool HasTwoFramings(FieldList fields) => fields.Has(FieldId.ContentLength);

    private static WireError CheckCoding(ReadOnlySpan<byte> coding)
    {
        if (Ascii.EqualsIgnoreCase(coding, "chunked"u8))
        {
            return WireError.None;
        }

        var comma = coding.LastIndexOf((byte)',');
        var outer = coding[(comma + 1)..].Trim(" \t"u8);
        return comma > 0 && Ascii.EqualsIgnoreCase(outer, "chunked"u8)
            && !ListSyntax.Contains(coding[..comma], "chunked"u8) && ListSyntax.IsListOfTokens(coding[..comma])
                ? WireError.TransferCoding
                : WireError.TransferEncoding;
    }
}
