namespace MiniLB.Config;

/// <summary>What every key of a configuration came to, defaults included, and where each value came from.</summary>
/// <remarks>It holds secrets; what is shown of it is <see cref="Blanked"/>.</remarks>
internal sealed class EffectiveConfig(ConfigNode root)
{
    public static readonly EffectiveConfig Empty = new(ConfigNode.Map(ConfigOrigin.Default));

    public ConfigNode Root => root;

    /// <summary>Every value in the order in which the keys are read, those of empty lists and maps left out.</summary>
    public IEnumerable<EffectiveValue> Values => ValuesOf(root, "");

    public EffectiveConfig Blanked() => new(Blanked(root, "", ""));

    private static IEnumerable<EffectiveValue> ValuesOf(ConfigNode node, string path) => node.Kind switch
    {
        ConfigKind.Scalar => [new EffectiveValue(path, node.Text, node.Origin)],
        ConfigKind.List => node.Items.SelectMany((item, i) => ValuesOf(item, $"{path}[{i}]")),
        _ => node.Members.SelectMany(m => ValuesOf(m.Value, PathOf(path, m.Name))),
    };

    public static string PathOf(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

    private static ConfigNode Blanked(ConfigNode node, string map, string key)
    {
        switch (node.Kind)
        {
            case ConfigKind.List:
                var list = ConfigNode.List(node.Origin);
                list.Items.AddRange(node.Items.Select(item => Blanked(item, map, key)));
                return list;
            case ConfigKind.Map:
                var copy = ConfigNode.Map(node.Origin);
                copy.Members.AddRange(
                    node.Members.Select(m => m with { Value = Blanked(m.Value, key, m.Name) }));
                return copy;
            default:
                return node.Text is { } text && SecretKeys.Shown(map, key, text) is var shown && shown != text
                    ? ConfigNode.Scalar(shown, node.Origin)
                    : node;
        }
    }
}

/// <summary>One value: its key path, its text (null for an explicit null), and who wrote it.</summary>
internal readonly record struct EffectiveValue(string Path, string? Text, ConfigOrigin Origin);
