using System.Text;

namespace MiniLB.Wire;

/// <summary>Reads a request head, strictly (RFC 9112): what is not refused here, every backend reads alike.</summary>
internal static class RequestHeadParser
{
    /// <param name="head">From the request line to the empty line, which is included.</param>
    /// <param name="limits">How large it may be.</param>
    /// <param name="into">A cleared head; what could be read before an error stays in it, for the log.</param>
    public static WireError Parse(ReadOnlySpan<byte> head, in HeadLimits limits, RequestHead into)
    {
        ReadMethod(head, into);
        var end = head.IndexOf("\r\n"u8);
        if (!limits.AllowsStartLine(end))
        {
            return WireError.StartLineTooLong;
        }

        var fields = head[(end + 2)..];
        if (ParseRequestLine(head[..end], into) is var lineError and not WireError.None)
        {
            return lineError;
        }

        if (!limits.AllowsBytes(fields.Length))
        {
            return WireError.HeadTooLarge;
        }

        if (FieldLines.Parse(fields, limits, into.Fields) is var fieldError and not WireError.None)
        {
            return fieldError;
        }

        return Check(into);
    }

    /// <summary>Finds out early, from the part of a head that has arrived, that it can only be refused.</summary>
    public static WireError CheckPart(ReadOnlySpan<byte> part, in HeadLimits limits, RequestHead into)
    {
        ReadMethod(part, into);
        var end = part.IndexOf("\r\n"u8);
        if (!limits.AllowsStartLine(end < 0 ? part.Length - 1 : end))
        {
            return WireError.StartLineTooLong;
        }

        if (FieldLines.HasBareLineFeed(part))
        {
            return WireError.LineEnd;
        }

        if (end >= 0)
        {
            return limits.AllowsBytes(part.Length - end - 2)
                ? ParseRequestLine(part[..end], into)
                : WireError.HeadTooLarge;
        }

        // A TLS hello sent to a cleartext port, for one, has no line end to wait for.
        var method = part.IndexOf((byte)' ');
        var word = method < 0 ? part : part[..method];
        return word.IsEmpty || Syntax.IsToken(word.TrimEnd((byte)'\r')) || word is [(byte)'\r']
            ? WireError.None
            : WireError.StartLine;
    }

    // First of all, whatever is wrong behind it: the answer to what a client means as HEAD has no body.
    private static void ReadMethod(ReadOnlySpan<byte> head, RequestHead into)
    {
        var end = head.IndexOf((byte)' ');
        if (end > 0 && Syntax.IsToken(head[..end]))
        {
            into.SetMethod(head[..end]);
        }
    }

    private static WireError ParseRequestLine(ReadOnlySpan<byte> line, RequestHead into)
    {
        var first = line.IndexOf((byte)' ');
        var last = line.LastIndexOf((byte)' ');
        if (first < 0 || last == first || !Syntax.IsToken(line[..first]))
        {
            return WireError.StartLine;
        }

        var target = line[(first + 1)..last];
        if (!Syntax.IsTarget(target))
        {
            return WireError.Target;
        }

        into.SetRawTarget(target);
        if (ParseVersion(line[(last + 1)..], out var minor) is var error and not WireError.None)
        {
            return error;
        }

        into.MinorVersion = minor;
        return TargetForm.Fits(into.Method, into.RawTarget) ? WireError.None : WireError.Target;
    }

    private static WireError ParseVersion(ReadOnlySpan<byte> version, out int minor)
    {
        minor = 1;
        if (version.SequenceEqual("HTTP/1.1"u8))
        {
            return WireError.None;
        }

        if (version.Length != 8 || !version.StartsWith("HTTP/"u8) || version[6] != '.'
            || !char.IsAsciiDigit((char)version[5]) || !char.IsAsciiDigit((char)version[7]))
        {
            return WireError.StartLine;
        }

        // A higher minor version is served as the highest known (RFC 9110 section 2.5).
        minor = version[7] == '0' ? 0 : 1;
        return version[5] == '1' ? WireError.None : WireError.Version;
    }

    private static WireError Check(RequestHead head)
    {
        if (!HostRules.IsSound(head))
        {
            return WireError.Host;
        }

        if (FramingRules.OfRequest(head) is var error and not WireError.None)
        {
            return error;
        }

        // RFC 9112 section 9.3, in this order.
        head.KeepsAlive = !head.Fields.Lists(FieldId.Connection, "close"u8)
            && (head.MinorVersion == 1 || head.Fields.Lists(FieldId.Connection, "keep-alive"u8));
        return CheckExpectation(head);
    }

    private static WireError CheckExpectation(RequestHead head)
    {
        // HTTP/1.0 knows no expectations; one from there is ignored (RFC 9110 section 10.1.1).
        if (!head.Fields.Has(FieldId.Expect) || head.MinorVersion == 0)
        {
            return WireError.None;
        }

        if (head.Fields.CountOf(FieldId.Expect) > 1
            || !Ascii.EqualsIgnoreCase(head.Fields.First(FieldId.Expect), "100-continue"u8))
        {
            return WireError.Expectation;
        }

        head.ExpectsContinue = head.Framing != BodyFraming.None;
        return WireError.None;
    }
}
