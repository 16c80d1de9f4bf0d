using System.Text;

namespace MiniLB.Tests.Fuzzing.Strict;

/// <summary>Reads one response, interim or final, the way RFC 9112 has it.</summary>
internal static class StrictResponseParser
{
    public static StrictMessage Read(
        ReadOnlySpan<byte> bytes, int start, StrictMessage? request, StreamEnd ended, in StrictLimits limits)
    {
        var message = new StrictMessage(start);
        var lines = new LineCursor(bytes, start);
        if (!lines.TryTake(out var line))
        {
            return lines.Fault is null ? message : message.Bad(lines.Fault);
        }

        if (ReadStatusLine(line, message) is { } fault)
        {
            return message.Bad(fault);
        }

        if (!StrictFields.TryRead(ref lines, message, message.Fields, limits))
        {
            return message;
        }

        if (message.Status == 101 && (request is null || !RequestHeadRules.AsksForUpgrade(request)))
        {
            return message.BadAsAWhole("101 not asked for");
        }

        fault = StrictFraming.Read(message);
        var hasNoBody = HasNoBody(message.Status, request?.Method);
        if (fault is not null && !(hasNoBody && message.Status < 200))
        {
            return message.BadAsAWhole(fault);
        }

        message.Doubtful(fault is not null, "framing of an interim answer");
        message.Doubtful(message.Framing != Framing.None && message.Status is < 200 or 204, "framing without a body");
        message.Doubtful(message.Framing == Framing.Chunked && message.Minor == 0, "chunks in HTTP/1.0");
        message.Framing = hasNoBody ? Framing.None
            : message.Framing == Framing.None ? Framing.UntilClose
            : message.Framing;
        StrictBody.Read(bytes, message.HeadDone(lines.Position), limits);
        return message is { Framing: Framing.UntilClose } && ended == StreamEnd.Closed
            ? message.Done(message.End)
            : message;
    }

    private static bool HasNoBody(int status, string? method) => status is < 200 or 204 or 304 || method == "HEAD";

    private static string? ReadStatusLine(ReadOnlySpan<byte> line, StrictMessage message)
    {
        if (line.Length < 12 || !line.StartsWith("HTTP/1."u8) || line[7] is not ((byte)'0' or (byte)'1')
            || line[8] != ' ' || !Characters.IsDigits(line[9..12]) || line[9] == '0')
        {
            return "status line";
        }

        if (line.Length > 12 && (line[12] != ' ' || !Characters.IsFieldText(line[13..])))
        {
            return "reason phrase";
        }

        message.Minor = line[7] - '0';
        message.Status = int.Parse(line[9..12], System.Globalization.CultureInfo.InvariantCulture);
        return null;
    }
}
