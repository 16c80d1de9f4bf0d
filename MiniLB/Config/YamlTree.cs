using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace MiniLB.Config;

/// <summary>Makes nodes of the events of one YAML document.</summary>
/// <remarks>
/// A plain scalar is the text that was written, so that 0600, 1.1 and off mean what they mean in JSON within quotes;
/// only null, ~ and nothing at all are null, and True and False lose their capitals (YAML 1.2, core schema). An alias
/// is a copy of what its anchor names; a key written as &lt;&lt; lays the keys of one map, or of a list of them, under
/// those of its own (the merge key of YAML 1.1, which people use). Aliases of aliases grow exponentially, so what they
/// copy is counted.
/// </remarks>
internal sealed class YamlTree
{
    private const int MostDepth = 32;
    private const int MostCopies = 10_000;

    private readonly Dictionary<string, ConfigNode> _anchors = [];
    private readonly Parser _parser;
    private readonly string _text;
    private readonly string _source;
    private readonly ConfigErrors _errors;
    private int _copies;

    public YamlTree(string text, string source, ConfigErrors errors)
    {
        _parser = new Parser(new Scanner(new StringReader(text), skipComments: true));
        _text = text;
        _source = source;
        _errors = errors;
    }

    /// <summary>Where the last event ended that was read.</summary>
    public ConfigOrigin Position => At(_parser.Current?.End ?? Mark.Empty, _source);

    public static ConfigOrigin At(Mark mark, string source) => new(source, (int)mark.Line, (int)mark.Column);

    /// <exception cref="YamlException">The text is not YAML.</exception>
    /// <exception cref="Refusal">The text has what is not taken here.</exception>
    public ConfigNode Read()
    {
        Next<StreamStart>();
        if (Next() is not DocumentStart)
        {
            return ConfigNode.Map(new ConfigOrigin(_source));
        }

        var root = ReadNode(Next(), "", 0);
        Next<DocumentEnd>();
        var end = Next();
        if (end is not StreamEnd || HasTextAfterTheEnd())
        {
            throw Refused(end, "a second document begins here; a configuration is one document");
        }

        return root is { Kind: ConfigKind.Scalar, Text: null } ? ConfigNode.Map(root.Origin) : root;
    }

    // The parser takes the end of a document that says so for the end of the text.
    private bool HasTextAfterTheEnd() => _text.Split('\n')
        .SkipWhile(line => line.TrimEnd() != "...").Skip(1)
        .Any(line => line.Trim() is { Length: > 0 } rest && !rest.StartsWith('#') && rest != "...");

    private ConfigNode ReadNode(ParsingEvent first, string path, int depth)
    {
        if (depth > MostDepth)
        {
            throw Refused(first, $"more than {MostDepth} levels");
        }

        if (first is AnchorAlias alias)
        {
            return _anchors.TryGetValue(alias.Value.Value, out var anchored)
                ? Copy(anchored, alias, depth)
                : throw Refused(first,
                    $"no anchor &{alias.Value.Value} before this; a text that begins with * is written in quotes");
        }

        var start = (NodeEvent)first;
        if (!start.Tag.IsEmpty)
        {
            throw Refused(first, "tags have no meaning here; a text that begins with ! is written in quotes");
        }

        var node = first switch
        {
            Scalar scalar => ConfigNode.Scalar(TextOf(scalar), At(scalar.Start, _source)),
            SequenceStart => ReadList(start, path, depth),
            _ => ReadMap(start, path, depth),
        };
        if (!start.Anchor.IsEmpty)
        {
            _anchors[start.Anchor.Value] = node;
        }

        return node;
    }

    private ConfigNode ReadList(NodeEvent start, string path, int depth)
    {
        var list = ConfigNode.List(At(start.Start, _source));
        while (Next() is var item and not SequenceEnd)
        {
            list.Items.Add(ReadNode(item, $"{path}[{list.Items.Count}]", depth + 1));
        }

        return list;
    }

    private ConfigNode ReadMap(NodeEvent start, string path, int depth)
    {
        var map = ConfigNode.Map(At(start.Start, _source));
        var merged = new List<ConfigNode>();
        while (Next() is var first and not MappingEnd)
        {
            if (first is not Scalar { Value.Length: > 0 } key || !key.Tag.IsEmpty)
            {
                throw Refused(first, "a key must be a text");
            }

            var name = key.Value;
            var memberPath = EffectiveConfig.PathOf(path, name);
            var value = ReadNode(Next(), memberPath, depth + 1);
            if (key is { Style: ScalarStyle.Plain, Value: "<<" })
            {
                merged.AddRange(value.Kind == ConfigKind.List ? value.Items : [value]);
            }
            else if (map.Find(name) is { } earlier)
            {
                _errors.Add(At(key.Start, _source), memberPath, $"is given twice, first at {earlier.Origin}");
            }
            else
            {
                map.Members.Add(new ConfigMember(name, At(key.Start, _source), AnyCase: false) { Value = value });
            }
        }

        merged.ForEach(other => Merge(map, other, path));
        return map;
    }

    private void Merge(ConfigNode map, ConfigNode other, string path)
    {
        if (other.Kind != ConfigKind.Map)
        {
            _errors.Add(other.Origin, EffectiveConfig.PathOf(path, "<<"), "expected a map, or a list of maps");
            return;
        }

        map.Members.AddRange(other.Members.Where(m => map.Find(m.Name) is null));
    }

    // What lies over the file, such as a variable, must change one place of two.
    private ConfigNode Copy(ConfigNode node, AnchorAlias alias, int depth)
    {
        if (++_copies > MostCopies || depth > MostDepth)
        {
            throw Refused(alias, depth > MostDepth
                ? $"more than {MostDepth} levels"
                : $"aliases repeat more than {MostCopies} values");
        }

        var copy = node.Kind switch
        {
            ConfigKind.Scalar => ConfigNode.Scalar(node.Text, node.Origin),
            ConfigKind.List => ConfigNode.List(node.Origin),
            _ => ConfigNode.Map(node.Origin),
        };
        copy.Items.AddRange(node.Items.Select(item => Copy(item, alias, depth + 1)));
        copy.Members.AddRange(node.Members.Select(m => m with { Value = Copy(m.Value, alias, depth + 1) }));
        return copy;
    }

    private static string? TextOf(Scalar scalar) => scalar.Style != ScalarStyle.Plain
        ? scalar.Value
        : scalar.Value switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "True" or "TRUE" => "true",
            "False" or "FALSE" => "false",
            _ => scalar.Value,
        };

    private ParsingEvent Next() => _parser.MoveNext()
        ? _parser.Current!
        : throw new YamlException("the text ends too early");

    private void Next<T>()
        where T : ParsingEvent
    {
        if (Next() is not T)
        {
            throw Refused(_parser.Current!, "found what is no document");
        }
    }

    private static Refusal Refused(ParsingEvent at, string message) => new(at.Start, at.End, message);

    /// <summary>YAML, but not for this program.</summary>
    public sealed class Refusal(Mark start, Mark end, string message) : YamlException(start, end, message);
}
