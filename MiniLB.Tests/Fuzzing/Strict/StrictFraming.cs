using System.Globalization;
using System.Text;

namespace MiniLB.Tests.Fuzzing.Strict;

/// <summary>Finds out from the fields how a body is framed (RFC 9112 section 6).</summary>
internal static class StrictFraming
{
    /// <summary>The fault, or null; without framing fields the framing stays None.</summary>
    public static string? Read(StrictMessage message)
    {
        var lengths = message.Values("Content-Length").ToArray();
        var codings = message.Values("Transfer-Encoding").ToArray();
        if (codings.Length > 0)
        {
            return lengths.Length > 0 ? "both framings" : ReadCoding(message, codings);
        }

        if (lengths.Length == 0)
        {
            return null;
        }

        if (lengths.Length > 1)
        {
            return "repeated Content-Length";
        }

        if (!Characters.IsDigits(Encoding.Latin1.GetBytes(lengths[0])))
        {
            return "Content-Length";
        }

        if (!long.TryParse(lengths[0], NumberStyles.None, CultureInfo.InvariantCulture, out var length))
        {
            return "overlong Content-Length";
        }

        message.Doubtful(lengths[0].Length > 18, "leading zeros");
        (message.Framing, message.Length) = (Framing.Length, length);
        return null;
    }

    private static string? ReadCoding(StrictMessage message, string[] codings)
    {
        if (codings.Length > 1 || !codings[0].Equals("chunked", StringComparison.OrdinalIgnoreCase))
        {
            return "Transfer-Encoding";
        }

        message.Doubtful(codings[0] != "chunked", "case of a coding");
        message.Framing = Framing.Chunked;
        return null;
    }
}
