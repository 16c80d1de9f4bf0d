using System.Text;

namespace MiniLB.Tests.Journeys.Http2.Wire;

/// <summary>The Huffman code of HPACK (RFC 7541, appendix B). It is canonical, so the lengths say it all.</summary>
internal static class HpackHuffman
{
    /// <summary>The length of each byte's code, A for 5 bits to Z for 30; the end mark last.</summary>
    private const string Lengths = ""
        + "ISXXXXXXXTZXXZXXXXXXXXZXXXXXXXXXBFFHIBDGFFDGDBBBAAABBBBBBBCDKBHF"
        + "IBCCCCCCCCCCCCCCCCCCCCCCDCDIOIJBKABABABBBACCBBBABCBAABCCCCCKGJIX"
        + "PRPPRRRSRSSSSSTSTTRSTSSSSQRSRSSTRQPRRSSQSRRTQRSSQQRQSRSSPRRRSRRS"
        + "VVPORSRUVVVWWVTUOQVWWVWTQQVVXWWWPTPQRQQSRRUUTTVSVWVVWWWWWXWWWWWV"
        + "Z";

    private const int EndMark = 256;

    private static readonly Dictionary<(int Length, uint Code), int> Symbols = Number();

    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        var (code, length) = (0u, 0);
        foreach (var value in bytes)
        {
            for (var bit = 7; bit >= 0; bit--)
            {
                code = (code << 1) | (uint)((value >> bit) & 1);
                length++;
                if (Symbols.TryGetValue((length, code), out var symbol))
                {
                    Assert.NotEqual(EndMark, symbol);
                    text.Append((char)symbol);
                    (code, length) = (0, 0);
                }
            }
        }

        Assert.True(length < 8 && code == (1u << length) - 1, "the padding is not the beginning of the end mark");
        return text.ToString();
    }

    private static Dictionary<(int Length, uint Code), int> Number()
    {
        var symbols = new Dictionary<(int Length, uint Code), int>();
        var (code, before) = (0u, 5);
        foreach (var (letter, symbol) in Lengths.Select((l, i) => (Length: l - 'A' + 5, Symbol: i)).Order())
        {
            code <<= letter - before;
            before = letter;
            symbols.Add((letter, code++), symbol);
        }

        return symbols;
    }
}
