using System.Text;
using MiniLB.Wire;

namespace MiniLB.Tests.Wire;

/// <summary>Messages as text whose characters are bytes, and what the parsers make of them.</summary>
internal static class Heads
{
    public static readonly HeadLimits Limits = new(8 * 1024, 32 * 1024, 100);

    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    public static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    public static WireError Read(string head, out RequestHead into, HeadLimits? limits = null)
    {
        into = new RequestHead();
        return RequestHeadParser.Parse(Bytes(head), limits ?? Limits, into);
    }

    public static WireError ReadAnswer(string head, out ResponseHead into, bool toHead = false, int most = 100)
    {
        into = new ResponseHead();
        return ResponseHeadParser.Parse(Bytes(head), Limits with { Fields = most }, toHead, into);
    }

    public static FieldList Fields(params (string Name, string Value)[] lines)
    {
        var fields = new FieldList();
        foreach (var (name, value) in lines)
        {
            fields.Add(Bytes(name), value);
        }

        return fields;
    }

    /// <summary>One "name=value" for each line that passes.</summary>
    public static string Passing(FieldList fields) => string.Join(' ', All(fields).Where(l => l.Passes)
        .Select(l => $"{l.Name}={l.Value}"));

    public static List<(string Name, string Value, bool Passes)> All(FieldList fields)
    {
        var all = new List<(string, string, bool)>();
        for (var i = 0; i < fields.Count; i++)
        {
            var field = fields[i];
            all.Add((Text(field.Name), Text(field.Value), field.Passes));
        }

        return all;
    }
}
