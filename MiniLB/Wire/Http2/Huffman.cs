namespace MiniLB.Wire.Http2;

/// <summary>Reads text in the Huffman code of HPACK (RFC 7541 section 5.2), four bits at a time.</summary>
internal static class Huffman
{
    // The length of each byte's code, A for 5 bits to Z for 30; the end mark last (appendix B). The code is canonical,
    // so that the lengths say it all.
    private const string Lengths = ""
        + "ISXXXXXXXTZXXZXXXXXXXXZXXXXXXXXXBFFHIBDGFFDGDBBBAAABBBBBBBCDKBHF"
        + "IBCCCCCCCCCCCCCCCCCCCCCCDCDIOIJBKABABABBBACCBBBABCBAABCCCCCKGJIX"
        + "PRPPRRRSRSSSSSTSTTRSTSSSSQRSRSSTRQPRRSSQSRRTQRSSQQRQSRSSPRRRSRRS"
        + "VVPORSRUVVVWWVTUOQVWWVWTQQVVXWWWPTPQRQQSRRUUTTVSVWVVWWWWWXWWWWWV"
        + "Z";

    private const int EndMark = 256;
    private const int Broken = -1;

    // By what was read of a code, and the next four bits.
    private static readonly Step[] Steps = Prepare();

    /// <summary>The most bytes that so many can stand for: the shortest code has five bits.</summary>
    public static int MostBytes(int encoded) => (encoded * 8 / 5) + 1;

    /// <param name="encoded">The code.</param>
    /// <param name="text">Receives what it stands for; see <see cref="MostBytes"/>.</param>
    /// <returns>Bytes written; -1 for what is no code, or not padded with the beginning of the end mark.</returns>
    public static int Decode(ReadOnlySpan<byte> encoded, Span<byte> text)
    {
        var (at, written, isPadding) = (0, 0, true);
        foreach (var pair in encoded)
        {
            for (var shift = 4; shift >= 0; shift -= 4)
            {
                ref readonly var step = ref Steps[(at * 16) + ((pair >> shift) & 15)];
                if (step.Next == Broken)
                {
                    return -1;
                }

                if (step.HasSymbol)
                {
                    text[written++] = step.Symbol;
                }

                (at, isPadding) = (step.Next, step.MayEnd);
            }
        }

        return isPadding ? written : -1;
    }

    private static Step[] Prepare()
    {
        var tree = Tree();
        var steps = new Step[tree.Count * 16];
        for (var node = 0; node < tree.Count; node++)
        {
            for (var bits = 0; bits < 16; bits++)
            {
                steps[(node * 16) + bits] = Walk(tree, node, bits);
            }
        }

        return steps;
    }

    private static Step Walk(List<Node> tree, int node, int bits)
    {
        byte? symbol = null;
        for (var bit = 3; bit >= 0; bit--)
        {
            var next = ((bits >> bit) & 1) == 0 ? tree[node].Zero : tree[node].One;
            if (next == ~EndMark)
            {
                return new Step(Broken, 0, HasSymbol: false, MayEnd: false);
            }

            // A leaf is the complement of its symbol.
            (node, symbol) = next < 0 ? (0, (byte)~next) : (next, symbol);
        }

        return new Step((short)node, symbol ?? 0, symbol is not null, tree[node].MayEnd);
    }

    private static List<Node> Tree()
    {
        var tree = new List<Node> { new(0, 0, MayEnd: true) };
        var (code, before) = (0u, 5);
        foreach (var (letter, symbol) in Lengths.Select((l, i) => (Length: l - 'A' + 5, Symbol: i)).Order())
        {
            code <<= letter - before;
            before = letter;
            Add(tree, code++, letter, symbol);
        }

        return tree;
    }

    private static void Add(List<Node> tree, uint code, int length, int symbol)
    {
        var node = 0;
        for (var bit = length - 1; bit >= 0; bit--)
        {
            var isOne = ((code >> bit) & 1) != 0;
            var next = isOne ? tree[node].One : tree[node].Zero;
            if (next == 0)
            {
                next = bit == 0 ? ~symbol : tree.Count;
                tree[node] = isOne ? tree[node] with { One = next } : tree[node] with { Zero = next };
                if (bit > 0)
                {
                    // Up to seven ones may fill the last byte.
                    tree.Add(new Node(0, 0, MayEnd: isOne && tree[node].MayEnd && length - bit < 8));
                }
            }

            node = next;
        }
    }

    private readonly record struct Node(int Zero, int One, bool MayEnd);

    private readonly record struct Step(short Next, byte Symbol, bool HasSymbol, bool MayEnd);
}
