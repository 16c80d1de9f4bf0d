using System.Globalization;

namespace MiniLB.Config;

/// <summary>What shape a <see cref="ConfigNode"/> has.</summary>
internal enum ConfigKind
{
    Scalar,
    List,
    Map,
}

/// <summary>One named entry of a map.</summary>
/// <param name="AnyCase">True where the name came from an environment variable, whose case does not matter.</param>
internal sealed record ConfigMember(string Name, ConfigOrigin Origin, bool AnyCase)
{
    public required ConfigNode Value { get; set; }
}

/// <summary>A configuration as it was written, before it means anything: values, lists and maps with their
/// origins.</summary>
/// <remarks>All sources (file, environment, flags) are laid over one another in this form, so that precedence and
/// error positions are decided in one place whatever the file's syntax.</remarks>
internal sealed class ConfigNode
{
    private ConfigNode(ConfigKind kind, ConfigOrigin origin)
    {
        Kind = kind;
        Origin = origin;
    }

    public ConfigKind Kind { get; private set; }

    public ConfigOrigin Origin { get; }

    /// <summary>The text of a scalar; null stands for an explicit null.</summary>
    public string? Text { get; private init; }

    public List<ConfigNode> Items { get; } = [];

    public List<ConfigMember> Members { get; } = [];

    public static ConfigNode Scalar(string? text, ConfigOrigin origin) =>
        new(ConfigKind.Scalar, origin) { Text = text };

    public static ConfigNode List(ConfigOrigin origin) => new(ConfigKind.List, origin);

    public static ConfigNode Map(ConfigOrigin origin) => new(ConfigKind.Map, origin);

    /// <summary>The member of that name; a name that came from the environment matches in any case.</summary>
    public ConfigMember? Find(string name, bool anyCase = false) =>
        Members.Find(m => m.Name == name)
        ?? Members.Find(m => (anyCase || m.AnyCase) && m.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Puts a value at a path of names and list positions, making what is missing on the way.</summary>
    /// <returns>Null, or what stands in the way.</returns>
    public string? Set(ReadOnlySpan<string> path, ConfigNode value, bool anyCase)
    {
        var isPosition = IsPosition(path[0], out var position) && Kind != ConfigKind.Map;
        if (isPosition || (Kind == ConfigKind.List))
        {
            return isPosition
                ? SetItem(position, path[1..], value, anyCase)
                : $"'{path[0]}' is not a position in a list";
        }

        Kind = ConfigKind.Map;
        var member = Find(path[0], anyCase);
        if (member is null)
        {
            member = new ConfigMember(path[0], value.Origin, anyCase) { Value = NodeFor(path[1..], value) };
            Members.Add(member);
        }

        if (path.Length == 1)
        {
            member.Value = value;
            return null;
        }

        member.Value = member.Value.AsParentOf(path[1..], value);
        return member.Value.Set(path[1..], value, anyCase);
    }

    private string? SetItem(int position, ReadOnlySpan<string> rest, ConfigNode value, bool anyCase)
    {
        if (position > Items.Count)
        {
            return $"position {position} leaves a gap: the list has {Items.Count} items before it";
        }

        if (position == Items.Count)
        {
            Items.Add(NodeFor(rest, value));
        }

        if (rest.Length == 0)
        {
            Items[position] = value;
            return null;
        }

        Items[position] = Items[position].AsParentOf(rest, value);
        return Items[position].Set(rest, value, anyCase);
    }

    private static bool IsPosition(string text, out int position) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out position);

    // A plain value written by a weaker source gives way to the map or list that a stronger one writes into.
    private ConfigNode AsParentOf(ReadOnlySpan<string> rest, ConfigNode value) =>
        Kind == ConfigKind.Scalar ? NodeFor(rest, value) : this;

    private static ConfigNode NodeFor(ReadOnlySpan<string> rest, ConfigNode value)
    {
        if (rest.Length == 0)
        {
            return value;
        }

        return IsPosition(rest[0], out _) ? List(value.Origin) : Map(value.Origin);
    }
}
