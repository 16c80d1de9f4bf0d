using System.Text;

namespace MiniLB.Tests.Fuzzing.Strict;

/// <summary>Reads field lines up to and including the empty line: of a head or of trailers.</summary>
internal static class StrictFields
{
    /// <summary>False where the lines are bad (the message then says so) or not all there.</summary>
    public static bool TryRead(
        ref LineCursor lines, StrictMessage message, List<StrictField> fields, in StrictLimits limits)
    {
        var first = lines.Position;
        while (lines.TryTake(out var line))
        {
            var size = lines.Position - first;
            var tooMuch = StrictLimits.IsAbove(size, limits.HeadBytes) || fields.Count > limits.Fields + 5;
            message.Doubtful(
                StrictLimits.IsNear(size, limits.HeadBytes) || fields.Count > limits.Fields - 5, "near a limit");
            if (line.Length == 0)
            {
                return true;
            }

            var fault = tooMuch ? "too many fields" : Add(line, fields);
            if (fault is not null)
            {
                message.Bad(fault);
                return false;
            }
        }

        if (lines.Fault is not null)
        {
            message.Bad(lines.Fault);
        }

        return false;
    }

    private static string? Add(ReadOnlySpan<byte> line, List<StrictField> fields)
    {
        if (line[0] is (byte)' ' or (byte)'\t')
        {
            return "folded line";
        }

        var colon = line.IndexOf((byte)':');
        if (colon < 0 || !Characters.IsToken(line[..colon]))
        {
            return "field name";
        }

        var value = Characters.TrimBlanks(line[(colon + 1)..]);
        if (!Characters.IsFieldText(value))
        {
            return "control character in a field value";
        }

        fields.Add(new StrictField(Encoding.Latin1.GetString(line[..colon]), Encoding.Latin1.GetString(value)));
        return null;
    }
}
