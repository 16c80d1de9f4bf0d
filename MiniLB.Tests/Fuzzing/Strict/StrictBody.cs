using System.Globalization;
using System.Text;

namespace MiniLB.Tests.Fuzzing.Strict;

/// <summary>Reads the body that a good head promised.</summary>
internal static class StrictBody
{
    private const int LargestSize = 16;

    public static StrictMessage Read(ReadOnlySpan<byte> bytes, StrictMessage message, in StrictLimits limits)
    {
        switch (message.Framing)
        {
            case Framing.None:
                return message.Done(message.HeadEnd);
            case Framing.Chunked:
                return ReadChunks(bytes, message, limits);
            default:
                var there = bytes.Length - message.HeadEnd;
                var wanted = message.Framing == Framing.Length ? Math.Min(message.Length, there) : there;
                message.Append(bytes.Slice(message.HeadEnd, (int)wanted));
                message.End = message.HeadEnd + (int)wanted;
                return message.Framing == Framing.Length && wanted == message.Length
                    ? message.Done(message.End)
                    : message;
        }
    }

    private static StrictMessage ReadChunks(ReadOnlySpan<byte> bytes, StrictMessage message, in StrictLimits limits)
    {
        var lines = new LineCursor(bytes, message.HeadEnd);
        while (true)
        {
            if (!lines.TryTake(out var line))
            {
                return lines.Fault is not null || StrictLimits.IsAbove(line.Length, limits.ChunkLine)
                    ? message.Bad($"chunk line: {lines.Fault}")
                    : message;
            }

            var size = ReadSize(line, message, limits);
            if (message.IsBad)
            {
                return message;
            }

            if (size == 0)
            {
                return StrictFields.TryRead(ref lines, message, message.Trailers, limits)
                    ? message.Done(lines.Position)
                    : message;
            }

            if (!TryTakeData(bytes, ref lines, size, message))
            {
                return message;
            }
        }
    }

    private static bool TryTakeData(ReadOnlySpan<byte> bytes, ref LineCursor lines, long size, StrictMessage message)
    {
        var rest = bytes[lines.Position..];
        message.Append(rest[..(int)Math.Min(size, rest.Length)]);
        if (rest.Length <= size)
        {
            return false;
        }

        lines = new LineCursor(bytes, lines.Position + (int)size);
        if (lines.TryTake(out var end) && end.Length == 0)
        {
            return true;
        }

        if (end.Length > 0 || lines.Fault is not null)
        {
            message.Bad("no CRLF after a chunk");
        }

        return false;
    }

    private static long ReadSize(ReadOnlySpan<byte> line, StrictMessage message, in StrictLimits limits)
    {
        message.Doubtful(StrictLimits.IsNear(line.Length, limits.ChunkLine), "near a limit");
        var semicolon = line.IndexOf((byte)';');
        var digits = semicolon < 0 ? line : line[..semicolon].TrimEnd(" \t"u8);
        var text = Encoding.Latin1.GetString(digits);
        message.Doubtful(text.Length > LargestSize, "leading zeros");
        text = text.Length > LargestSize ? text.TrimStart('0').PadLeft(1, '0') : text;
        if (text.Length is 0 or > LargestSize || !text.All(char.IsAsciiHexDigit)
            || !long.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var size)
            || size < 0)
        {
            message.Bad("chunk size");
            return 0;
        }

        if (StrictLimits.IsAbove(line.Length, limits.ChunkLine))
        {
            message.Bad("long chunk line");
        }

        if (semicolon >= 0)
        {
            ReadExtensions(line[semicolon..], message);
        }

        return size;
    }

    private static void ReadExtensions(ReadOnlySpan<byte> text, StrictMessage message)
    {
        message.HasExtensions = true;
        if (!Characters.IsFieldText(text))
        {
            message.Bad("control character in a chunk extension");
            return;
        }

        foreach (var range in text[1..].Split((byte)';'))
        {
            var extension = text[1..][range];
            var equals = extension.IndexOf((byte)'=');
            message.Doubtful(
                !Characters.IsToken(equals < 0 ? extension : extension[..equals])
                || (equals >= 0 && !Characters.IsToken(extension[(equals + 1)..])),
                "chunk extension");
        }
    }
}
