using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using MiniLB.Config.Options;
using MiniLB.Wire;

namespace MiniLB.RequestPath.Accept;

/// <summary>Holds HTTP/2 requests to the syntax of HTTP/1.1, into which they may be translated (RFC 9113 section
/// 10.3).</summary>
internal static class Http2RequestRules
{
    /// <returns>Null for a request that can be passed on in either protocol.</returns>
    public static HeadRefusal? Read(IHttpRequestFeature request, FieldList fields, LimitOptions limits)
    {
        var target = Encoding.Latin1.GetBytes(request.RawTarget);
        var host = Encoding.Latin1.GetBytes(request.Headers.Host.ToString());
        var sound = Copy(request.Headers, fields)
            && Syntax.IsToken(Encoding.Latin1.GetBytes(request.Method))
            && Syntax.IsTarget(target) && TargetForm.Fits(request.Method, request.RawTarget)
            && request.Headers.Host.Count == 1 && host.Length > 0 && Syntax.IsHost(host);
        return !sound || NamesConnection(fields) ? HeadRefusal.Malformed
            : fields.Count > limits.Headers ? HeadRefusal.HeadTooLarge
            : IsExpectationKnown(fields) ? null
            : HeadRefusal.Expectation;
    }

    /// <summary>True where a field speaks of a connection of HTTP/1.1, which there is none of (RFC 9113 section
    /// 8.2.2).</summary>
    public static bool NamesConnection(FieldList fields) =>
        fields.Has(FieldId.Connection) || fields.Has(FieldId.KeepAlive) || fields.Has(FieldId.ProxyConnection)
        || fields.Has(FieldId.TransferEncoding) || fields.Has(FieldId.Upgrade)
        || (fields.Has(FieldId.Te) && !Ascii.EqualsIgnoreCase(fields.First(FieldId.Te), "trailers"u8));

    private static bool IsExpectationKnown(FieldList fields) =>
        !fields.Has(FieldId.Expect) || Ascii.EqualsIgnoreCase(fields.First(FieldId.Expect), "100-continue"u8);

    /// <returns>False where a field is not one of HTTP/1.1.</returns>
    public static bool Copy(IHeaderDictionary from, FieldList to)
    {
        foreach (var (name, values) in from)
        {
            // Kestrel lists pseudo-fields beside the others.
            if (name.StartsWith(':'))
            {
                continue;
            }

            // An empty value comes as none at all.
            foreach (var value in values.Count == 0 ? new StringValues("") : values)
            {
                var (nameBytes, valueBytes) = (Encoding.Latin1.GetBytes(name), Encoding.Latin1.GetBytes(value ?? ""));
                if (!Syntax.IsToken(nameBytes) || !IsSoundValue(valueBytes))
                {
                    return false;
                }

                to.Add(nameBytes, valueBytes);
            }
        }

        return true;
    }

    /// <summary>True where trailers are within the limits of a head; of these Kestrel keeps none.</summary>
    public static bool Fit(FieldList trailers, LimitOptions limits)
    {
        var bytes = 0L;
        for (var i = 0; i < trailers.Count; i++)
        {
            bytes += trailers[i].Name.Length + trailers[i].Value.Length;
        }

        return trailers.Count <= limits.Headers && bytes <= limits.HeaderBytes;
    }

    // Blanks around a value are malformed in HTTP/2 (RFC 9113 section 8.2.1), not something to trim.
    private static bool IsSoundValue(ReadOnlySpan<byte> value) =>
        Syntax.IsFieldValue(value) && value.Trim(" \t"u8).Length == value.Length;
}
