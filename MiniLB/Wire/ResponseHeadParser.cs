using System.Text;

namespace MiniLB.Wire;

/// <summary>Reads a response head, as strictly as a request's.</summary>
internal static class ResponseHeadParser
{
    // HTTP/1.1 SP 3DIGIT
    private const int ShortestStatusLine = 12;

    /// <param name="head">From the status line to the empty line, which is included.</param>
    /// <param name="limits">How large it may be.</param>
    /// <param name="toHead">True for the answer to a HEAD request.</param>
    /// <param name="into">A cleared head.</param>
    public static WireError Parse(ReadOnlySpan<byte> head, in HeadLimits limits, bool toHead, ResponseHead into)
    {
        var end = head.IndexOf("\r\n"u8);
        if (!TryParseStatusLine(head[..end], into))
        {
            return WireError.StartLine;
        }

        if (FieldLines.Parse(head[(end + 2)..], limits, into.Fields) is var error and not WireError.None)
        {
            return error;
        }

        if (FramingRules.OfResponse(into, toHead) is var framingError and not WireError.None)
        {
            return framingError;
        }

        into.KeepsAlive = into.MinorVersion == 1 && into.Framing != BodyFraming.UntilClose
            && !into.Fields.Lists(FieldId.Connection, "close"u8);
        return WireError.None;
    }

    /// <summary>True where what has arrived cannot become a response head.</summary>
    public static bool IsHopeless(ReadOnlySpan<byte> part)
    {
        var start = "HTTP/1."u8;
        var length = Math.Min(part.Length, start.Length);
        return !part[..length].SequenceEqual(start[..length]) || FieldLines.HasBareLineFeed(part);
    }

    private static bool TryParseStatusLine(ReadOnlySpan<byte> line, ResponseHead into)
    {
        if (line.Length < ShortestStatusLine || !line.StartsWith("HTTP/1."u8) || line[7] is not ((byte)'0' or (byte)'1')
            || line[8] != ' ' || !Numbers.TryDecimal(line[9..12], out var status) || status < 100)
        {
            return false;
        }

        // The blank before an empty reason is often left out.
        if (line.Length > ShortestStatusLine && line[ShortestStatusLine] != ' ')
        {
            return false;
        }

        var reason = line.Length > ShortestStatusLine ? line[(ShortestStatusLine + 1)..] : default;
        into.MinorVersion = line[7] - '0';
        into.Status = (int)status;
        into.Reason = Ascii.Equals(reason, ReasonPhrases.Of((int)status)) ? null : Encoding.Latin1.GetString(reason);
        return Syntax.IsFieldValue(reason);
    }
}
