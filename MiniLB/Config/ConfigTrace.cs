namespace MiniLB.Config;

/// <summary>Notes of each key that the binders ask for what it may be, what it came to, and who wrote that.</summary>
/// <remarks>The binders are the only model of the configuration there is. The effective values and the schema for
/// editors come from these notes, so that neither can tell of a key that nobody reads.</remarks>
internal sealed class ConfigTrace
{
    private readonly List<KeyShape> _shapes = [];
    private readonly HashSet<string> _asked = [];
    private readonly Dictionary<string, ConfigNode> _maps = [];

    public ConfigTrace()
    {
        _maps[""] = Root;
    }

    /// <summary>The configuration with every key that there is.</summary>
    public ConfigNode Root { get; } = ConfigNode.Map(ConfigOrigin.Default);

    public IReadOnlyList<KeyShape> Shapes => _shapes;

    /// <summary>The paths of all keys, those included of which nothing else was noted.</summary>
    public IReadOnlySet<string> Asked => _asked;

    public void Ask(string path) => _asked.Add(path);

    public void Note(KeyShape shape) => _shapes.Add(shape);

    /// <summary>The map at a path, made where it is new.</summary>
    public ConfigNode Map(string path)
    {
        if (_maps.TryGetValue(path, out var map))
        {
            return map;
        }

        var cut = path.LastIndexOfAny(['.', '[']);
        if (cut > 0 && path[cut] == '[')
        {
            map = ConfigNode.Map(ConfigOrigin.Default);
            Map(path[..cut]).Items.Add(map);
            return _maps[path] = map;
        }

        return Child(cut < 0 ? "" : path[..cut], path[(cut + 1)..], path);
    }

    /// <summary>The map under a name, which may hold a dot.</summary>
    public ConfigNode Child(string parent, string name, string path)
    {
        if (!_maps.TryGetValue(path, out var map))
        {
            _maps[path] = map = ConfigNode.Map(ConfigOrigin.Default);
            Put(Map(parent), name, map);
        }

        return map;
    }

    /// <summary>The list under a key, empty at first.</summary>
    public ConfigNode List(string parent, string key, string path, ConfigOrigin origin)
    {
        var list = ConfigNode.List(origin);
        Put(Map(parent), key, list);
        return _maps[path] = list;
    }

    public void Value(string parent, string key, string? text, ConfigOrigin origin) =>
        Put(Map(parent), key, ConfigNode.Scalar(text, origin));

    private static void Put(ConfigNode map, string key, ConfigNode value)
    {
        if (map.Members.Find(m => m.Name == key) is { } member)
        {
            member.Value = value;
        }
        else
        {
            map.Members.Add(new ConfigMember(key, value.Origin, AnyCase: false) { Value = value });
        }
    }
}
