using System.Text.Json.Nodes;
using MiniLB.Config;

namespace MiniLB.Tests.Config.Schema;

/// <summary>Makes the schema for editors of what the binders ask for.</summary>
/// <remarks>Draft 7: every editor knows it.</remarks>
internal sealed class ConfigSchema
{
    // Bound once, it makes the binders ask for every key that there is.
    private const string Sample = """
        {"listeners": [{"tls": {"certificates": [{}], "hsts": {}}}],
         "admin": {"tls": {"certificates": [{}], "hsts": {}}}, "pools": {"NAME": {"backends": [{}]}},
         "routes": [{"pool": "NAME", "timeouts": {"responseHeaders": 0, "idle": 0, "total": 0, "tunnel": 0}, "rateLimit": {}},
                    {"split": {"NAME": 1}}, {"redirect": {}}]}
        """;

    private readonly Dictionary<string, KeyShape> _shapes = [];
    private readonly Dictionary<string, List<string>> _children = [];
    private readonly IReadOnlyDictionary<string, DocumentedKey> _documented;

    private ConfigSchema(ConfigTrace trace, IReadOnlyDictionary<string, DocumentedKey> documented)
    {
        _documented = documented;
        foreach (var shape in trace.Shapes.OrderBy(s => s.Kind == KeyKind.MapOrValue))
        {
            _shapes[General(shape.Path)] = shape;
        }

        foreach (var path in trace.Asked.Concat(_shapes.Keys).Select(General).Distinct().ToArray())
        {
            AddPath(path);
        }
    }

    /// <summary>The paths of all keys that hold a value or a list: pools.NAME.backends[].weight.</summary>
    public IEnumerable<KeyValuePair<string, KeyShape>> Keys => _shapes.Where(s =>
        !s.Key.EndsWith("[]", StringComparison.Ordinal) && !s.Key.EndsWith(".NAME", StringComparison.Ordinal));

    /// <summary>Keys that a binder asks for without saying what they may be.</summary>
    public IEnumerable<string> Unshaped => _children.Values.SelectMany(c => c)
        .Where(path => !_shapes.ContainsKey(path) && !_children.ContainsKey(path));

    public static ConfigSchema Of(IReadOnlyDictionary<string, DocumentedKey> documented)
    {
        var errors = new ConfigErrors();
        var sample = new JsonConfigReader().Read(System.Text.Encoding.UTF8.GetBytes(Sample), "sample", errors);
        OptionsBinder.Bind(sample, errors);
        return new ConfigSchema(errors.Trace, documented);
    }

    public JsonObject ToJson()
    {
        var root = new JsonObject
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["title"] = "Configuration of MiniLB",
        };
        foreach (var (key, value) in Map(""))
        {
            root[key] = value?.DeepClone();
        }

        root["properties"]!["$schema"] = new JsonObject
        {
            ["type"] = "string",
            ["description"] = "For editors.",
        };
        return root;
    }

    private static string General(string path) =>
        System.Text.RegularExpressions.Regex.Replace(path, @"\[\d+\]", "[]");

    private void AddPath(string path)
    {
        if (path.Length == 0)
        {
            return;
        }

        var isItem = path.EndsWith("[]", StringComparison.Ordinal);
        var parent = isItem ? path[..^2] : path.Contains('.') ? path[..path.LastIndexOf('.')] : "";
        var siblings = _children.TryGetValue(parent, out var known) ? known : _children[parent] = [];
        if (!siblings.Contains(path))
        {
            siblings.Add(path);
            AddPath(parent);
        }
    }

    private JsonObject Node(string path)
    {
        var node = _shapes.TryGetValue(path, out var shape) ? Shaped(path, shape) : Map(path);
        var documented = _documented.GetValueOrDefault(path);
        if (documented is not null)
        {
            node["description"] = documented.Meaning.Length > 0 ? documented.Meaning : shape!.Expected;
        }

        // Some defaults can only be told: the pool's.
        var isWritten = documented?.Default.Contains(' ', StringComparison.Ordinal) != true;
        if (shape?.Default is { Length: > 0 } text && isWritten)
        {
            node["default"] = ValueSchema.Json(text);
        }

        return node;
    }

    private JsonObject Shaped(string path, KeyShape shape) => shape.Kind switch
    {
        KeyKind.Value => ValueSchema.Of(shape),
        KeyKind.List => List(path, shape),
        KeyKind.ListOrValue => Either(List(path, shape), ValueSchema.Of(shape)),
        KeyKind.MapOrValue => Either(ValueSchema.Of(shape), Map(path)),
        _ => new JsonObject
        {
            ["type"] = new JsonArray("object", "null"),
            ["additionalProperties"] = Item($"{path}.NAME", shape),
        },
    };

    private JsonObject List(string path, KeyShape shape) => new()
    {
        ["type"] = new JsonArray("array", "null"),
        ["items"] = Item(path + "[]", shape),
    };

    private JsonObject Item(string path, KeyShape shape) =>
        shape.Expected.Length == 0 ? Node(path) : ValueSchema.Of(shape);

    private JsonObject Map(string path)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        var alternatives = new JsonArray();
        foreach (var child in _children[path])
        {
            var name = child[(path.Length == 0 ? 0 : path.Length + 1)..];
            properties[name] = Node(child);
            if (_shapes.TryGetValue(child, out var shape) && shape.IsAlternative)
            {
                alternatives.Add((JsonNode)new JsonObject { ["required"] = new JsonArray(name) });
            }
            else if (shape is { Kind: KeyKind.Value, Default: null, TakesNull: false })
            {
                required.Add((JsonNode)name);
            }
        }

        var map = new JsonObject
        {
            ["type"] = path.EndsWith("[]", StringComparison.Ordinal) ? "object" : new JsonArray("object", "null"),
            ["additionalProperties"] = false,
            ["properties"] = properties,
        };
        if (required.Count > 0)
        {
            map["required"] = required;
        }

        if (alternatives.Count > 0)
        {
            map["oneOf"] = alternatives;
        }

        return map;
    }

    private static JsonObject Either(JsonObject one, JsonObject other) =>
        new() { ["anyOf"] = new JsonArray(one, other) };
}
