namespace MiniLB.Wire;

/// <summary>Reads field lines, strictly (RFC 9112 section 5): what two recipients could read differently is
/// refused.</summary>
internal static class FieldLines
{
    private static ReadOnlySpan<byte> EmptyLine => "\r\n\r\n"u8;

    /// <returns>The length of a head up to and including its empty line; -1 where that has not come yet.</returns>
    public static int HeadLength(ReadOnlySpan<byte> received)
    {
        var end = received.IndexOf(EmptyLine);
        return end < 0 ? -1 : end + EmptyLine.Length;
    }

    /// <param name="block">From the first line to the empty line, which is included.</param>
    /// <param name="limits">How many lines are allowed.</param>
    /// <param name="into">Receives the lines.</param>
    public static WireError Parse(ReadOnlySpan<byte> block, in HeadLimits limits, FieldList into)
    {
        while (true)
        {
            var end = block.IndexOf((byte)'\n');
            if (end < 0 || !EndsInCarriageReturn(block[..end]))
            {
                return WireError.LineEnd;
            }

            var line = block[..(end - 1)];
            block = block[(end + 1)..];
            if (line.IsEmpty)
            {
                return WireError.None;
            }

            if (!limits.AllowsAnother(into.Count))
            {
                return WireError.TooManyFields;
            }

            if (ParseLine(line, into) is var error and not WireError.None)
            {
                return error;
            }
        }
    }

    public static WireError ParseLine(ReadOnlySpan<byte> line, FieldList into)
    {
        // A folded line begins with a blank, which no name holds (section 5.2): refused, because not all unfold alike.
        var colon = line.IndexOf((byte)':');
        if (colon < 0 || !Syntax.IsToken(line[..colon]))
        {
            return WireError.FieldName;
        }

        var value = line[(colon + 1)..].Trim(" \t"u8);
        if (!Syntax.IsFieldValue(value))
        {
            return WireError.FieldValue;
        }

        into.Add(line[..colon], value);
        return WireError.None;
    }

    /// <summary>True where a head that has not ended yet holds a line that ends in a bare LF: some recipients would
    /// take it for a line, and an empty one of that kind for the end.</summary>
    public static bool HasBareLineFeed(ReadOnlySpan<byte> received)
    {
        for (var rest = received; rest.IndexOf((byte)'\n') is var at and >= 0; rest = rest[(at + 1)..])
        {
            if (!EndsInCarriageReturn(rest[..at]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool EndsInCarriageReturn(ReadOnlySpan<byte> line) => line.EndsWith((byte)'\r');
}
