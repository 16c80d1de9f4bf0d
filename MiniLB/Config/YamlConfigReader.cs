using System.Text;
using YamlDotNet.Core;

namespace MiniLB.Config;

/// <summary>Reads a YAML file into nodes that know their line and column.</summary>
/// <remarks>Of YAML 1.2 it takes one document without tags. See <see cref="YamlTree"/> for what values
/// mean.</remarks>
internal sealed class YamlConfigReader : IConfigReader
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    public ConfigNode? Read(byte[] utf8, string source, ConfigErrors errors)
    {
        var start = utf8.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
        string text;
        try
        {
            text = Strict.GetString(utf8.AsSpan(start));
        }
        catch (DecoderFallbackException)
        {
            errors.Add(EndOfValidText(utf8, source), "", "not valid UTF-8");
            return null;
        }

        var tree = new YamlTree(text, source, errors);
        try
        {
            return tree.Read();
        }
        catch (YamlTree.Refusal e)
        {
            errors.Add(YamlTree.At(e.Start, source), "", e.Message);
            return null;
        }
        catch (YamlException e)
        {
            var (at, reason) = TabIn(text, e, source) is { } tab
                ? (tab, "a tab indents this line; YAML is indented by spaces")
                : (YamlTree.At(e.Start, source), e.Message);
            errors.Add(at, "", "not valid YAML: " + reason);
            return null;
        }
        catch (InvalidOperationException)
        {
            // The parser's own, where a flow map has a value and no key; seen in mutations.
            errors.Add(tree.Position, "", "not valid YAML after this");
            return null;
        }
    }

    // The parser sees that a tab is wrong, but says so of the map around it, or of the token after it.
    private static ConfigOrigin? TabIn(string text, YamlException e, string source)
    {
        var lines = text.Split('\n');
        // What ends too early is wrong in the line behind the last one.
        var end = e.Message.Contains(" tab ", StringComparison.Ordinal)
            ? lines.Length
            : Math.Min((int)e.Start.Line, lines.Length);
        for (var i = Math.Max(0, (int)e.Start.Line - 1); i < end; i++)
        {
            var tab = lines[i].AsSpan(0, lines[i].Length - lines[i].AsSpan().TrimStart().Length).IndexOf('\t');
            if (tab >= 0)
            {
                return new ConfigOrigin(source, i + 1, tab + 1);
            }
        }

        return null;
    }

    private static ConfigOrigin EndOfValidText(byte[] utf8, string source)
    {
        var rest = utf8.AsSpan();
        while (!rest.IsEmpty
            && Rune.DecodeFromUtf8(rest, out _, out var length) == System.Buffers.OperationStatus.Done)
        {
            rest = rest[length..];
        }

        var valid = utf8.AsSpan(..^rest.Length);
        var line = valid[(valid.LastIndexOf((byte)'\n') + 1)..];
        return new ConfigOrigin(source, valid.Count((byte)'\n') + 1, Encoding.UTF8.GetCharCount(line) + 1);
    }
}
