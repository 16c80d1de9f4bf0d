using System.Text;
using System.Text.Json;

namespace MiniLB.Config;

/// <summary>Reads a JSON file (comments and trailing commas allowed) into nodes that know their line and
/// column.</summary>
internal sealed class JsonConfigReader : IConfigReader
{
    private static readonly JsonReaderOptions Syntax = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        MaxDepth = 32,
    };

    public ConfigNode? Read(byte[] utf8, string source, ConfigErrors errors)
    {
        var start = utf8.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
        var text = new FilePositions(utf8, start, source);
        var reader = new Utf8JsonReader(utf8.AsSpan(start), Syntax);
        try
        {
            reader.Read();
            var node = ReadNode(ref reader, text, "", errors);
            reader.Read();
            return node;
        }
        catch (JsonException e)
        {
            errors.Add(
                text.At(e.LineNumber ?? 0, e.BytePositionInLine ?? 0), "",
                "not valid JSON: " + FirstSentence(e.Message));
            return null;
        }
    }

    private static ConfigNode ReadNode(ref Utf8JsonReader reader, FilePositions text, string path, ConfigErrors errors)
    {
        var origin = text.At(reader.TokenStartIndex);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return ReadMap(ref reader, text, path, errors);
            case JsonTokenType.StartArray:
                var list = ConfigNode.List(origin);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    list.Items.Add(ReadNode(ref reader, text, $"{path}[{list.Items.Count}]", errors));
                }

                return list;
            case JsonTokenType.Null:
                return ConfigNode.Scalar(null, origin);
            case JsonTokenType.String:
                return ConfigNode.Scalar(StringOf(ref reader, text), origin);
            default:
                return ConfigNode.Scalar(Encoding.UTF8.GetString(reader.ValueSpan), origin);
        }
    }

    private static ConfigNode ReadMap(ref Utf8JsonReader reader, FilePositions text, string path, ConfigErrors errors)
    {
        var map = ConfigNode.Map(text.At(reader.TokenStartIndex));
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = StringOf(ref reader, text);
            var origin = text.At(reader.TokenStartIndex);
            var memberPath = path.Length == 0 ? name : path + "." + name;
            reader.Read();
            var value = ReadNode(ref reader, text, memberPath, errors);
            if (map.Find(name) is { } earlier)
            {
                errors.Add(origin, memberPath, $"is given twice, first at {earlier.Origin}");
                continue;
            }

            map.Members.Add(new ConfigMember(name, origin, AnyCase: false) { Value = value });
        }

        return map;
    }

    private static string StringOf(ref Utf8JsonReader reader, FilePositions text)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            // Invalid UTF-8 or a lone surrogate.
            throw new JsonException(e.Message, path: null, text.LineOf(reader.TokenStartIndex, out var column), column);
        }
    }

    // The parser appends its own position, zero-based, to a message; ours stands in front of the line.
    private static string FirstSentence(string message)
    {
        var end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }

    /// <summary>Turns a byte offset into a line and column, both counted from one, the column in characters.</summary>
    private sealed class FilePositions(byte[] utf8, int start, string source)
    {
        public ConfigOrigin At(long offset)
        {
            var line = LineOf(offset, out var column);
            var before = utf8.AsSpan(start + (int)(offset - column), (int)column);
            return new ConfigOrigin(source, line + 1, Encoding.UTF8.GetCharCount(before) + 1);
        }

        /// <summary>As the parser counts: both from zero, the column in bytes.</summary>
        public ConfigOrigin At(long line, long column)
        {
            var offset = 0;
            for (; line > 0; line--)
            {
                offset += utf8.AsSpan(start + offset).IndexOf((byte)'\n') + 1;
            }

            return At(offset + column);
        }

        public int LineOf(long offset, out long column)
        {
            var before = utf8.AsSpan(start, (int)offset);
            column = offset - (before.LastIndexOf((byte)'\n') + 1);
            return before.Count((byte)'\n');
        }
    }
}
