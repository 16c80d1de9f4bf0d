using System.Text;

namespace MiniLB.Tests.Journeys.Http2.Wire;

/// <summary>Writes fields as literals without indexing and without Huffman: any byte may stand anywhere.</summary>
internal static class HpackWriter
{
    public static byte[] Write(IEnumerable<(string Name, string Value)> fields)
    {
        var block = new List<byte>();
        foreach (var (name, value) in fields)
        {
            block.Add(0);
            AddText(block, name);
            AddText(block, value);
        }

        return [.. block];
    }

    private static void AddText(List<byte> block, string text)
    {
        var rest = text.Length;
        block.Add((byte)Math.Min(rest, 127));
        if (rest >= 127)
        {
            for (rest -= 127; rest >= 128; rest >>= 7)
            {
                block.Add((byte)(rest | 0x80));
            }

            block.Add((byte)rest);
        }

        block.AddRange(Encoding.Latin1.GetBytes(text));
    }
}
