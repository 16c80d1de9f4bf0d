using System.Text;
using MiniLB.Config;
using MiniLB.Config.Options;

namespace MiniLB.Tests.Config;

/// <summary>What a configuration text comes to: options, errors and warnings.</summary>
internal sealed record Configured(BalancerOptions Options, IReadOnlyList<string> Errors, IReadOnlyList<string> Warnings)
{
    private const string Backends = "\"backends\":[\"http://10.0.0.1:8080\"]";
    private const string Pools = "\"pools\":{\"web\":{" + Backends + "}}";

    public PoolOptions Pool => Options.Pools[0];

    public static Configured By(string json) => By(Encoding.UTF8.GetBytes(json));

    public static Configured By(byte[] json) => By(new JsonConfigReader(), json, "minilb.json");

    public static Configured ByYaml(string yaml) =>
        By(new YamlConfigReader(), Encoding.UTF8.GetBytes(yaml), "minilb.yaml");

    private static Configured By(IConfigReader reader, byte[] text, string source)
    {
        var errors = new ConfigErrors();
        var root = reader.Read(text, source, errors);
        return new Configured(OptionsBinder.Bind(root, errors), errors.Errors, errors.Warnings);
    }

    /// <summary>A configuration whose second line is the one given and that is right otherwise.</summary>
    public static Configured ByLine(string line) =>
        By("{" + (line.StartsWith("\"pools\"", StringComparison.Ordinal) ? "" : Pools + ",") + "\n" + line + "\n}");

    /// <summary>As <see cref="ByLine"/>, the line standing in the only pool.</summary>
    public static Configured ByPoolLine(string line)
    {
        var rest = line.StartsWith("\"backends\"", StringComparison.Ordinal) ? "" : Backends + ",";
        return By("{\"pools\":{\"web\":{" + rest + "\n" + line + "\n}}}");
    }

    public static BalancerOptions Good(Configured configured)
    {
        Assert.Empty(configured.Errors);
        return configured.Options;
    }
}
