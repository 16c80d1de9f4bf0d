using System.Globalization;
using System.Text;

namespace MiniLB.Tests.Fuzzing.Scripts;

/// <summary>Bytes as readable text and back: C escapes, and "a"*5000 for long runs.</summary>
internal static class Escaped
{
    private const int ShortestRun = 48;

    /// <summary>Quoted pieces, one for each line of the message.</summary>
    public static IEnumerable<string> Pieces(ReadOnlySpan<byte> bytes)
    {
        var pieces = new List<string>();
        var text = new StringBuilder();
        for (var i = 0; i < bytes.Length;)
        {
            var run = RunLength(bytes[i..]);
            if (run >= ShortestRun)
            {
                Flush(pieces, text);
                pieces.Add($"\"{Of(bytes[i])}\"*{run}");
                i += run;
                continue;
            }

            text.Append(Of(bytes[i]));
            if (bytes[i] == '\n')
            {
                Flush(pieces, text);
            }

            i++;
        }

        Flush(pieces, text);
        return pieces;
    }

    /// <summary>Reads one piece as <see cref="Pieces"/> writes it.</summary>
    public static byte[] Read(string piece)
    {
        var end = piece.LastIndexOf('"');
        if (piece.Length < 2 || piece[0] != '"' || end < 1)
        {
            throw new FormatException($"no quoted text: {piece}");
        }

        var bytes = Unescape(piece[1..end]);
        var times = piece[(end + 1)..];
        return times.Length == 0 ? bytes
            : [.. Enumerable.Repeat(bytes, int.Parse(times[1..], CultureInfo.InvariantCulture)).SelectMany(b => b)];
    }

    private static byte[] Unescape(string text)
    {
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                bytes.Add((byte)text[i]);
                continue;
            }

            i++;
            bytes.Add(text[i] switch
            {
                'r' => (byte)'\r',
                'n' => (byte)'\n',
                't' => (byte)'\t',
                'x' => byte.Parse(text.AsSpan(i + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
                var other => (byte)other,
            });
            i += text[i] == 'x' ? 2 : 0;
        }

        return [.. bytes];
    }

    private static string Of(byte value) => value switch
    {
        (byte)'\r' => "\\r",
        (byte)'\n' => "\\n",
        (byte)'\t' => "\\t",
        (byte)'"' => "\\\"",
        (byte)'\\' => "\\\\",
        >= 0x20 and < 0x7F => ((char)value).ToString(),
        _ => $"\\x{value:x2}",
    };

    private static int RunLength(ReadOnlySpan<byte> bytes)
    {
        var differs = bytes.IndexOfAnyExcept(bytes[0]);
        return differs < 0 ? bytes.Length : differs;
    }

    private static void Flush(List<string> pieces, StringBuilder text)
    {
        if (text.Length > 0)
        {
            pieces.Add($"\"{text}\"");
            text.Clear();
        }
    }
}
