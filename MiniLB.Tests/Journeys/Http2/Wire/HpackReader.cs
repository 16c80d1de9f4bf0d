using System.Text;

namespace MiniLB.Tests.Journeys.Http2.Wire;

/// <summary>Reads the header blocks of one connection (RFC 7541), in order.</summary>
internal sealed class HpackReader
{
    private const int EntryOverhead = 32;

    private readonly List<(string Name, string Value)> _dynamic = [];
    private int _limit = 4096;

    public List<(string Name, string Value)> Read(ReadOnlySpan<byte> block)
    {
        var fields = new List<(string Name, string Value)>();
        while (!block.IsEmpty)
        {
            var first = block[0];
            if (first >= 0x80)
            {
                fields.Add(At(Number(ref block, 7)));
            }
            else if (first >= 0x40)
            {
                var field = Literal(ref block, 6);
                fields.Add(field);
                _dynamic.Insert(0, field);
                Evict();
            }
            else if (first >= 0x20)
            {
                _limit = Number(ref block, 5);
                Evict();
            }
            else
            {
                fields.Add(Literal(ref block, 4));
            }
        }

        return fields;
    }

    private (string Name, string Value) Literal(ref ReadOnlySpan<byte> block, int bits)
    {
        var index = Number(ref block, bits);
        var name = index == 0 ? Text(ref block) : At(index).Name;
        return (name, Text(ref block));
    }

    private (string Name, string Value) At(int index)
    {
        var known = HpackStaticTable.Fields;
        return index <= known.Count ? known[index - 1] : _dynamic[index - known.Count - 1];
    }

    private void Evict()
    {
        while (_dynamic.Sum(f => f.Name.Length + f.Value.Length + EntryOverhead) > _limit)
        {
            _dynamic.RemoveAt(_dynamic.Count - 1);
        }
    }

    private static string Text(ref ReadOnlySpan<byte> block)
    {
        var huffman = block[0] >= 0x80;
        var length = Number(ref block, 7);
        var bytes = block[..length];
        block = block[length..];
        return huffman ? HpackHuffman.Decode(bytes) : Encoding.Latin1.GetString(bytes);
    }

    private static int Number(ref ReadOnlySpan<byte> block, int bits)
    {
        var mask = (1 << bits) - 1;
        var value = block[0] & mask;
        block = block[1..];
        if (value < mask)
        {
            return value;
        }

        for (var shift = 0; ; shift += 7)
        {
            var next = block[0];
            block = block[1..];
            value = checked(value + ((next & 0x7F) << shift));
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
