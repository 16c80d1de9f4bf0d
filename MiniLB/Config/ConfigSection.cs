namespace MiniLB.Config;

/// <summary>Reads a scalar's text.</summary>
internal delegate bool TextParser<T>(string text, out T value);

/// <summary>Reads the keys of one map, falling back to defaults, and reports every value that does not fit.</summary>
internal sealed class ConfigSection
{
    private readonly ConfigNode? _map;
    private readonly HashSet<string> _known = [];

    public ConfigSection(ConfigNode? node, string path, ConfigErrors errors)
    {
        Path = path;
        Errors = errors;
        if (node is { Kind: ConfigKind.Map })
        {
            _map = node;
        }
        else if (node is { Kind: ConfigKind.List } or { Kind: ConfigKind.Scalar, Text: not null })
        {
            errors.Add(node.Origin, path, $"expected keys and values, found {Describe(node, path)}");
        }

        errors.Trace.Map(path);
    }

    /// <summary>The keys of a map, for which one text may stand: the value of <paramref name="key"/>.</summary>
    public static ConfigSection OfTextOrMap(
        ConfigNode node, string path, ConfigErrors errors, string key, string expected)
    {
        errors.Trace.Note(new KeyShape(path, KeyKind.MapOrValue, expected, null));
        if (node is not { Kind: ConfigKind.Scalar, Text: not null })
        {
            return new ConfigSection(node, path, errors);
        }

        var map = ConfigNode.Map(node.Origin);
        map.Set([key], node, anyCase: false);
        return new ConfigSection(map, path, errors);
    }

    public string Path { get; }

    /// <summary>Where its name stands, for what is missing in it.</summary>
    public ConfigOrigin Origin { get; init; } = ConfigOrigin.Default;

    public ConfigErrors Errors { get; }

    /// <summary>The node under a key, or null where the key is absent; the key counts as known from then on.</summary>
    public ConfigNode? Node(string key)
    {
        _known.Add(key);
        Errors.Trace.Ask(PathOf(key));
        return _map?.Find(key)?.Value;
    }

    public ConfigSection Section(string key) => new(Node(key), PathOf(key), Errors);

    /// <summary>A value, or the fallback where the key is absent.</summary>
    /// <param name="key">The key.</param>
    /// <param name="fallback">The default.</param>
    /// <param name="parse">Reads the text.</param>
    /// <param name="expected">What the text must be, for an error line.</param>
    /// <param name="write">How the value is written, where <see cref="ConfigText"/> does not know.</param>
    public T Value<T>(
        string key, T fallback, TextParser<T> parse, string expected, Func<T, string?>? write = null)
    {
        var node = Node(key);
        var value = node is null ? fallback : Parse(node, PathOf(key), fallback, parse, expected);
        write ??= ConfigText.Of;
        Note(key, write(value), Shape(key, KeyKind.Value, parse, expected) with { Default = write(fallback) });
        return value;
    }

    /// <summary>As <see cref="Value{T}"/>, but an explicit null gives null.</summary>
    public T? Optional<T>(string key, T? fallback, TextParser<T> parse, string expected)
    {
        var node = Node(key);
        var value = node is { Kind: ConfigKind.Scalar, Text: null }
            ? default
            : node is null ? fallback : Parse(node, PathOf(key), fallback!, parse, expected);
        Note(key, ConfigText.Of(value), Shape(key, KeyKind.Value, parse, expected) with
        {
            Default = ConfigText.Of(fallback),
            TakesNull = true,
        });
        return value;
    }

    /// <summary>A text that no error line shows; null where there is none.</summary>
    public string? Secret(string key, Predicate<string> accepts, string expected)
    {
        var node = Node(key);
        var text = node is { Kind: ConfigKind.Scalar } ? node.Text : null;
        var isRight = text is not null && accepts(text);
        if (node is not (null or { Kind: ConfigKind.Scalar, Text: null }) && !isRight)
        {
            Errors.Add(node.Origin, PathOf(key), node.Kind == ConfigKind.Scalar
                ? $"the value is not {expected}"
                : $"expected {expected}, found {Describe(node, PathOf(key))}");
        }

        Note(key, text, new KeyShape(PathOf(key), KeyKind.Value, expected, t => accepts(t)) { TakesNull = true });
        return isRight ? text : null;
    }

    /// <summary>Notes a value that the caller has read by itself.</summary>
    /// <param name="key">The key.</param>
    /// <param name="text">The value as it would be written.</param>
    /// <param name="shape">What it may be.</param>
    public void Note(string key, string? text, KeyShape shape)
    {
        Errors.Trace.Note(shape);
        Errors.Trace.Value(Path, key, text, _map?.Find(key)?.Value.Origin ?? ConfigOrigin.Default);
    }

    public KeyShape Shape<T>(string key, KeyKind kind, TextParser<T> parse, string expected) =>
        new(PathOf(key), kind, expected, text => parse(text, out _));

    public TimeSpan Duration(string key, TimeSpan fallback) =>
        Value(key, fallback, Config.Duration.TryParse, Config.Duration.Expected);

    public TimeSpan PositiveDuration(string key, TimeSpan fallback) =>
        Value(key, fallback, Config.Duration.TryParsePositive, Config.Duration.Expected + ", above 0");

    public long Size(string key, long fallback) => Value(key, fallback, ByteSize.TryParse, ByteSize.Expected);

    public int Count(string key, int fallback, int least = 0, int most = int.MaxValue) => Value(key, fallback,
        (string text, out int value) => int.TryParse(IsNone(text) ? "0" : text, out value)
            && value >= least && value <= most,
        most == int.MaxValue ? $"a whole number, at least {least}" : $"a whole number from {least} to {most}");

    public double Fraction(string key, double fallback) => Value(key, fallback,
        (string text, out double value) => double.TryParse(text, System.Globalization.NumberStyles.AllowDecimalPoint,
            System.Globalization.CultureInfo.InvariantCulture, out value) && value is >= 0 and <= 1,
        "a number from 0 to 1");

    public bool Flag(string key, bool fallback) => Value(key, fallback, TryParseFlag, "true or false");

    /// <summary>One of a closed list of words.</summary>
    public T Word<T>(string key, T fallback, params (string Word, T Value)[] words) => Value(key, fallback,
        (string text, out T value) =>
        {
            // YAML's other parsers make a false of off.
            var found = Array.Find(words, w => w.Word == text || (w.Word == "off" && text == "false"));
            value = found.Value;
            return found.Word is not null;
        },
        "one of " + string.Join(", ", words.Select(w => w.Word)),
        value => Array.Find(words, w => EqualityComparer<T>.Default.Equals(w.Value, value)).Word);

    /// <summary>The items of a list, each read by <paramref name="read"/>; empty where the key is absent.</summary>
    /// <param name="key">The key.</param>
    /// <param name="read">Reads an item and gives its keys their meaning.</param>
    /// <param name="absent">What stands in for an absent key.</param>
    public IReadOnlyList<T> List<T>(string key, Func<ConfigNode, string, T?> read, ConfigNode? absent = null)
        where T : class
    {
        Errors.Trace.Note(new KeyShape(PathOf(key), KeyKind.List, "", null));
        var items = Items(key, absent);
        return items.Count == 0 ? [] : [.. items.Select((item, i) => read(item, $"{PathOf(key)}[{i}]")).OfType<T>()];
    }

    public IReadOnlyList<T> List<T>(string key, TextParser<T> parse, string expected)
        where T : class
    {
        Errors.Trace.Note(Shape(key, KeyKind.List, parse, expected));
        var items = Items(key, null);
        Errors.Trace.List(Path, key, PathOf(key), Node(key)?.Origin ?? ConfigOrigin.Default).Items.AddRange(items);
        return items.Count == 0
            ? []
            : [.. items.Select((item, i) => Parse(item, $"{PathOf(key)}[{i}]", null!, parse, expected)).OfType<T>()];
    }

    /// <summary>As a list of texts, for which one text may stand.</summary>
    public IReadOnlyList<T> ListOrValue<T>(string key, TextParser<T> parse, string expected)
        where T : class
    {
        if (Node(key) is not { Kind: ConfigKind.Scalar, Text: not null } one)
        {
            var list = List(key, parse, expected);
            Errors.Trace.Note(Shape(key, KeyKind.ListOrValue, parse, expected));
            return list;
        }

        Note(key, one.Text, Shape(key, KeyKind.ListOrValue, parse, expected));
        return Parse(one, PathOf(key), null!, parse, expected) is { } value ? [value] : [];
    }

    /// <summary>The members of a map whose keys are the operator's own names.</summary>
    public IReadOnlyList<ConfigMember> Members(string key)
    {
        return Node(key) is { Kind: ConfigKind.Map } map ? map.Members : [];
    }

    /// <summary>Reports every key that nothing asked for. Call it last.</summary>
    public void RejectUnknownKeys()
    {
        foreach (var member in _map?.Members ?? [])
        {
            // What an editor checks a JSON file with is named in the file itself.
            if (_known.Any(k => _map!.Find(k) == member) || (Path.Length == 0 && member.Name == "$schema"))
            {
                continue;
            }

            var nearest = NearestName.Of(member.Name, _known);
            var hint = nearest is null ? $"known here: {string.Join(", ", _known)}" : $"did you mean '{nearest}'?";
            if (member.AnyCase)
            {
                Errors.Warn(member.Origin, PathOf(member.Name), $"unknown key, ignored; {hint}");
            }
            else
            {
                Errors.Add(member.Origin, PathOf(member.Name), $"unknown key; {hint}");
            }
        }
    }

    public string PathOf(string key) => Path.Length == 0 ? key : $"{Path}.{key}";

    private List<ConfigNode> Items(string key, ConfigNode? absent)
    {
        var node = Node(key) ?? absent;
        Errors.Trace.List(Path, key, PathOf(key), node?.Origin ?? ConfigOrigin.Default);
        if (node is null or { Kind: ConfigKind.Scalar, Text: null })
        {
            return [];
        }

        if (node.Kind != ConfigKind.List)
        {
            Errors.Add(node.Origin, PathOf(key), $"expected a list, found {Describe(node, PathOf(key))}");
        }

        return node.Items;
    }

    private T Parse<T>(ConfigNode node, string path, T fallback, TextParser<T> parse, string expected)
    {
        if (node is { Kind: ConfigKind.Scalar, Text: { } text })
        {
            if (parse(text, out var value))
            {
                return value;
            }

            var shown = SecretKeys.Shown(LastKey(Path), path[PathOf("").Length..], text);
            Errors.Add(
                node.Origin, path, $"{(shown == SecretKeys.Blank ? "the value" : $"'{shown}'")} is not {expected}");
        }
        else
        {
            Errors.Add(node.Origin, path, $"expected {expected}, found {Describe(node, path)}");
        }

        return fallback;
    }

    // "0 means no limit; off and false are the same" holds for counts too.
    private static bool IsNone(string text) => text is "off" or "false";

    private static bool TryParseFlag(string text, out bool value)
    {
        value = text is "true" or "on";
        return value || text is "false" or "off";
    }

    private static string LastKey(string path) => path[(path.LastIndexOf('.') + 1)..];

    // A text in the place of a map that holds secrets may be one of them.
    private static string Describe(ConfigNode node, string path) => node switch
    {
        { Kind: ConfigKind.List } => "a list",
        { Kind: ConfigKind.Map } => "a map",
        { Text: null } => "null",
        _ when SecretKeys.HidesWhole(LastKey(path)) => "a text",
        _ => $"'{SecretKeys.Shown("", LastKey(path), node.Text)}'",
    };
}
