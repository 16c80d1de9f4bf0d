namespace MiniLB.Wire.Http2;

/// <summary>Reads the header blocks of one connection, each whole and in the order in which they came (RFC
/// 7541).</summary>
/// <param name="tableSize">What the other side may have remembered.</param>
internal sealed class HpackDecoder(int tableSize)
{
    // No block, table or field is larger than this; a number that is says nothing sound.
    private const int Largest = 1 << 24;

    // Text in Huffman's code is made out here, the name before the value.
    [ThreadStatic]
    private static byte[]? _text;

    private readonly DynamicTable _table = new(tableSize);

    /// <returns>False for a block that cannot be read: from then on nothing can.</returns>
    public bool TryRead(ReadOnlySpan<byte> block, IFieldSink sink)
    {
        var most = Huffman.MostBytes(block.Length);
        if (_text is null || _text.Length < most)
        {
            _text = new byte[Math.Max(4096, most)];
        }

        var (at, hasField) = (0, false);
        while (at < block.Length)
        {
            var first = block[at];
            if ((first & 0xE0) == 0x20)
            {
                // The table changes its size before the first field only (section 4.2).
                if (hasField || !TryNumber(block, ref at, 5, out var limit) || !_table.TryLimit(limit))
                {
                    return false;
                }

                continue;
            }

            hasField = true;
            if (!(first >= 0x80 ? TryIndexed(block, ref at, sink) : TryLiteral(block, ref at, sink)))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryIndexed(ReadOnlySpan<byte> block, ref int at, IFieldSink sink)
    {
        if (!TryNumber(block, ref at, 7, out var index) || !TryGet(index, out var name, out var value))
        {
            return false;
        }

        sink.Take(name, value);
        return true;
    }

    private bool TryLiteral(ReadOnlySpan<byte> block, ref int at, IFieldSink sink)
    {
        var isKept = block[at] >= 0x40;
        if (!TryNumber(block, ref at, isKept ? 6 : 4, out var index))
        {
            return false;
        }

        var used = 0;
        ReadOnlySpan<byte> name;
        if (index == 0 ? !TryText(block, ref at, ref used, out name) : !TryGet(index, out name, out _))
        {
            return false;
        }

        if (!TryText(block, ref at, ref used, out var value))
        {
            return false;
        }

        sink.Take(name, value);
        if (isKept)
        {
            _table.Add(name, value);
        }

        return true;
    }

    private bool TryGet(int index, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        if (index > StaticTable.Count && index <= StaticTable.Count + _table.Count)
        {
            _table.Get(index - StaticTable.Count - 1, out name, out value);
            return true;
        }

        StaticTable.Get(Math.Clamp(index, 1, StaticTable.Count), out name, out value);
        return index is > 0 and <= StaticTable.Count;
    }

    private static bool TryText(
        ReadOnlySpan<byte> block, scoped ref int at, scoped ref int used, out ReadOnlySpan<byte> text)
    {
        text = default;
        var isHuffman = at < block.Length && block[at] >= 0x80;
        if (!TryNumber(block, ref at, 7, out var length) || length > block.Length - at)
        {
            return false;
        }

        text = block.Slice(at, length);
        at += length;
        if (isHuffman)
        {
            var room = _text.AsSpan(used);
            var count = Huffman.Decode(text, room);
            if (count < 0)
            {
                return false;
            }

            text = room[..count];
            used += count;
        }

        return true;
    }

    private static bool TryNumber(ReadOnlySpan<byte> block, ref int at, int bits, out int value)
    {
        value = 0;
        if (at == block.Length)
        {
            return false;
        }

        var mask = (1 << bits) - 1;
        value = block[at++] & mask;
        for (var shift = 0; value >= mask; shift += 7)
        {
            if (at == block.Length || shift > 21)
            {
                return false;
            }

            var next = block[at++];
            value += (next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value <= Largest;
            }
        }

        return true;
    }
}
