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
            errors.Add(node.Origin, path, $"expected keys and values, found {Describe(node)}");
        }
    }

    public string Path { get; }

    public ConfigErrors Errors { get; }

    /// <summary>The node under a key, or null where the key is absent; the key counts as known from then on.</summary>
    public ConfigNode? Node(string key)
    {
        _known.Add(key);
        return _map?.Find(key)?.Value;
    }

    public ConfigSection Section(string key) => new(Node(key), PathOf(key), Errors);

    /// <summary>A value, or the fallback where the key is absent.</summary>
    public T Value<T>(string key, T fallback, TextParser<T> parse, string expected)
    {
        var node = Node(key);
        return node is null ? fallback : Parse(node, PathOf(key), fallback, parse, expected);
    }

    /// <summary>As <see cref="Value{T}"/>, but an explicit null gives null.</summary>
    public T? Optional<T>(string key, T? fallback, TextParser<T> parse, string expected)
        where T : class
    {
        var node = Node(key);
        return node is { Kind: ConfigKind.Scalar, Text: null }
            ? null
            : node is null ? fallback : Parse(node, PathOf(key), fallback!, parse, expected);
    }

    /// <summary>A text that no error line shows; null where there is none.</summary>
    public string? Secret(string key, Predicate<string> accepts, string expected)
    {
        var node = Node(key);
        switch (node)
        {
            case null or { Kind: ConfigKind.Scalar, Text: null }:
                return null;
            case { Kind: ConfigKind.Scalar, Text: { } text } when accepts(text):
                return text;
            case { Kind: ConfigKind.Scalar }:
                Errors.Add(node.Origin, PathOf(key), $"the value is not {expected}");
                return null;
            default:
                Errors.Add(node.Origin, PathOf(key), $"expected {expected}, found {Describe(node)}");
                return null;
        }
    }

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
            var found = Array.Find(words, w => w.Word == text);
            value = found.Value;
            return found.Word is not null;
        },
        "one of " + string.Join(", ", words.Select(w => w.Word)));

    /// <summary>The items of a list, each read by <paramref name="read"/>; empty where the key is absent.</summary>
    public IReadOnlyList<T> List<T>(string key, Func<ConfigNode, string, T?> read)
        where T : class
    {
        var node = Node(key);
        if (node is null or { Kind: ConfigKind.Scalar, Text: null })
        {
            return [];
        }

        if (node.Kind != ConfigKind.List)
        {
            Errors.Add(node.Origin, PathOf(key), $"expected a list, found {Describe(node)}");
            return [];
        }

        return [.. node.Items.Select((item, i) => read(item, $"{PathOf(key)}[{i}]")).OfType<T>()];
    }

    public IReadOnlyList<T> List<T>(string key, TextParser<T> parse, string expected)
        where T : class =>
        List(key, (item, path) => Parse(item, path, null!, parse, expected));

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
            if (_known.Any(k => _map!.Find(k) == member))
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

    private T Parse<T>(ConfigNode node, string path, T fallback, TextParser<T> parse, string expected)
    {
        if (node is { Kind: ConfigKind.Scalar, Text: { } text })
        {
            if (parse(text, out var value))
            {
                return value;
            }

            Errors.Add(node.Origin, path, $"'{text}' is not {expected}");
        }
        else
        {
            Errors.Add(node.Origin, path, $"expected {expected}, found {Describe(node)}");
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

    private static string Describe(ConfigNode node) => node switch
    {
        { Kind: ConfigKind.List } => "a list",
        { Kind: ConfigKind.Map } => "a map",
        { Text: null } => "null",
        _ => $"'{node.Text}'",
    };
}
