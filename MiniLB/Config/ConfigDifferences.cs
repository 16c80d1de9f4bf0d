namespace MiniLB.Config;

/// <summary>What one configuration has that another has not, as lines for an operator.</summary>
/// <remarks>Pools are matched by name, backends and listeners by address, everything else in lists of maps by
/// position: the order of routes decides, that of backends does not.</remarks>
internal sealed class ConfigDifferences
{
    // What an item of a pool's backends is called by where it has no URL.
    private static readonly string[] Sources = ["dns", "srv", "file"];

    private readonly List<string> _lines = [];

    /// <returns>One line for each change: "+" for what is new, "-" for what is gone, "~" for another value.</returns>
    public static IReadOnlyList<string> Between(EffectiveConfig before, EffectiveConfig after)
    {
        var differences = new ConfigDifferences();
        differences.CompareMaps("", before.Root, after.Root);
        differences.CompareOrder(before.Root, after.Root);
        return differences._lines;
    }

    private void Compare(string path, string map, string key, ConfigNode before, ConfigNode after)
    {
        if (before.Kind != after.Kind)
        {
            Change(path, Summary(map, key, before), Summary(map, key, after));
        }
        else if (after.Kind == ConfigKind.Map)
        {
            CompareMaps(path, before, after, key);
        }
        else if (after.Kind == ConfigKind.List)
        {
            CompareLists(path, key, before.Items, after.Items);
        }
        else if (before.Text != after.Text)
        {
            Change(path, Shown(map, key, before.Text), Shown(map, key, after.Text));
        }
    }

    private void CompareMaps(string path, ConfigNode before, ConfigNode after, string map = "")
    {
        foreach (var old in before.Members)
        {
            var oldPath = EffectiveConfig.PathOf(path, old.Name);
            if (after.Find(old.Name) is { } same)
            {
                Compare(oldPath, map, old.Name, old.Value, same.Value);
            }
            else
            {
                _lines.Add(old.Value.Kind == ConfigKind.Scalar
                    ? $"- {oldPath} {Shown(map, old.Name, old.Value.Text)}"
                    : $"- {oldPath}");
            }
        }

        foreach (var added in after.Members.Where(m => before.Find(m.Name) is null))
        {
            Add(EffectiveConfig.PathOf(path, added.Name), map, added.Name, added.Value);
        }
    }

    // Of what is new, what nobody wrote is not told.
    private void Add(string path, string map, string key, ConfigNode node)
    {
        switch (node.Kind)
        {
            case ConfigKind.Map:
                node.Members.ForEach(m => Add(EffectiveConfig.PathOf(path, m.Name), key, m.Name, m.Value));
                break;
            case ConfigKind.List:
                node.Items.ForEach(item => _lines.Add($"+ {path} {Summary(map, key, item)}"));
                break;
            default:
                if (node.Origin != ConfigOrigin.Default)
                {
                    _lines.Add($"+ {path} {Shown(map, key, node.Text)}");
                }

                break;
        }
    }

    private void CompareLists(string path, string key, List<ConfigNode> before, List<ConfigNode> after)
    {
        var unmatched = new List<ConfigNode?>(after);
        for (var i = 0; i < before.Count; i++)
        {
            var name = Identity(before[i]);
            var at = name is not null ? unmatched.FindIndex(n => n is not null && Identity(n) == name)
                : i < after.Count && Identity(after[i]) is null ? i : -1;
            if (at < 0)
            {
                _lines.Add($"- {path} {Summary("", key, before[i])}");
                continue;
            }

            Compare($"{path}[{Label(before[i]) ?? $"{i}"}]", "", key, before[i], after[at]);
            unmatched[at] = null;
        }

        foreach (var item in unmatched.OfType<ConfigNode>())
        {
            _lines.Add($"+ {path} {Summary("", key, item)}");
        }
    }

    // Without routes the first pool gets all traffic.
    private void CompareOrder(ConfigNode before, ConfigNode after)
    {
        var old = NamesOfPools(before);
        var common = NamesOfPools(after).Intersect(old).ToArray();
        var was = old.Intersect(common).ToArray();
        if (!was.SequenceEqual(common))
        {
            Change("pools", string.Join(", ", was), string.Join(", ", common));
        }
    }

    private static string[] NamesOfPools(ConfigNode root) =>
        [.. root.Find("pools")?.Value.Members.Select(m => m.Name) ?? []];

    private void Change(string path, string before, string after) => _lines.Add(
        before == after ? $"~ {path} has another value" : $"~ {path} {before} -> {after}");

    /// <summary>What tells an item of a list from the others, wherever it stands; null where its place does.</summary>
    private static string? Identity(ConfigNode item) => item.Kind switch
    {
        ConfigKind.Scalar => item.Text,
        ConfigKind.Map when Label(item) is { } label =>
            BackendAddress.TryParse(label, out var address) ? address.ToString() : label,
        _ => null,
    };

    private static string? Label(ConfigNode item) => (item.Find("url") ?? item.Find("address"))?.Value.Text
        ?? Sources.Where(key => item.Find(key)?.Value.Text is not null)
            .Select(key => $"{key} {item.Find(key)!.Value.Text}").FirstOrDefault();

    // In a map what it is called by comes first, and its keys only where their value is no default.
    private static string Summary(string map, string key, ConfigNode node)
    {
        switch (node.Kind)
        {
            case ConfigKind.Scalar:
                return Shown(map, key, node.Text);
            case ConfigKind.List:
                return "[" + string.Join(", ", node.Items.Select(item => Summary(map, key, item))) + "]";
            default:
                var label = Label(node);
                var rest = new EffectiveConfig(node).Blanked().Values
                    .Where(v => v.Origin != ConfigOrigin.Default && v.Path is not ("url" or "address"))
                    .Where(v => !Sources.Contains(v.Path))
                    .Select(v => $"{v.Path}={ShownText(v.Text)}");
                return string.Join(' ', label is null ? rest : rest.Prepend(label));
        }
    }

    private static string Shown(string map, string key, string? text) =>
        ShownText(text is null ? null : SecretKeys.Shown(map, key, text));

    /// <summary>A value within a line: quoted where it would not be seen, or not end, otherwise.</summary>
    public static string ShownText(string? text) => text switch
    {
        null => "null",
        "" => "\"\"",
        _ when text.Any(char.IsControl) || text[0] == ' ' || text[^1] == ' ' =>
            $"\"{System.Text.Json.JsonEncodedText.Encode(text)}\"",
        _ => text,
    };
}
