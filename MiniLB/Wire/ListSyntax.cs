using System.Text;

namespace MiniLB.Wire;

/// <summary>Comma-separated lists in field values (RFC 9110 section 5.6.1).</summary>
internal static class ListSyntax
{
    /// <summary>True where the list has the word as a whole element, in any case.</summary>
    public static bool Contains(ReadOnlySpan<byte> list, ReadOnlySpan<byte> word)
    {
        foreach (var range in list.Split((byte)','))
        {
            if (Ascii.EqualsIgnoreCase(list[range].Trim(" \t"u8), word))
            {
                return true;
            }
        }

        return false;
    }

    public static bool IsListOfTokens(ReadOnlySpan<byte> list)
    {
        foreach (var range in list.Split((byte)','))
        {
            if (!Syntax.IsToken(list[range].Trim(" \t"u8)))
            {
                return false;
            }
        }

        return true;
    }

    /// <returns>The first element's first word: the protocol name of Upgrade, the scheme of a challenge.</returns>
    public static ReadOnlySpan<byte> FirstWord(ReadOnlySpan<byte> value)
    {
        var end = value.IndexOfAny(" ,\t"u8);
        return end < 0 ? value : value[..end];
    }
}
