using System.Text;

namespace MiniLB.Tests.Fuzzing.Strict;

/// <summary>Reads one request the way RFC 9112 and the README have it, and knows nothing of MiniLB's own parser.
/// </summary>
internal static class StrictRequestParser
{
    public static StrictMessage Read(ReadOnlySpan<byte> bytes, int start, in StrictLimits limits)
    {
        var message = new StrictMessage(start);
        var lines = new LineCursor(bytes, start);
        var empty = -1;
        ReadOnlySpan<byte> line;
        do
        {
            if (!lines.TryTake(out line))
            {
                return Unfinished(message, lines.Fault, line.Length, limits);
            }

            empty++;
        }
        while (line.Length == 0);

        message.Doubtful(empty > 1, "empty lines before a request");
        if (StrictLimits.IsAbove(line.Length, limits.Line))
        {
            return message.Bad("long request line");
        }

        message.Doubtful(StrictLimits.IsNear(line.Length, limits.Line), "near a limit");
        if (RequestLineSyntax.Read(line, message) is { } fault)
        {
            return message.Bad(fault);
        }

        if (!StrictFields.TryRead(ref lines, message, message.Fields, limits))
        {
            return message;
        }

        if ((RequestHeadRules.Check(message) ?? StrictFraming.Read(message)) is { } wrong)
        {
            return message.BadAsAWhole(wrong);
        }

        return StrictBody.Read(bytes, message.HeadDone(lines.Position), limits);
    }

    /// <summary>All messages of a client's stream: the last one may be bad or not all there; nothing after a message
    /// that ends the connection.</summary>
    public static List<StrictMessage> ReadAll(ReadOnlySpan<byte> bytes)
    {
        var all = new List<StrictMessage>();
        var start = 0;
        while (!IsFewEmptyLines(bytes[start..]))
        {
            var message = Read(bytes, start, StrictLimits.Request);
            all.Add(message);
            if (message.Reading != Reading.Whole || message.Lists("Connection", "close")
                || (message.Minor == 0 && !message.Lists("Connection", "keep-alive")))
            {
                break;
            }

            start = message.End;
        }

        return all;
    }

    /// <summary>True for what may follow a request and mean nothing.</summary>
    private static bool IsFewEmptyLines(ReadOnlySpan<byte> bytes) => "\r\n\r\n"u8.StartsWith(bytes);

    private static StrictMessage Unfinished(StrictMessage message, string? fault, int length, in StrictLimits limits) =>
        fault is not null ? message.Bad(fault)
            : StrictLimits.IsAbove(length, limits.Line) ? message.Bad("long request line")
            : message;
}
