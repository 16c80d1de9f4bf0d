namespace MiniLB.Config;

/// <summary>Where a configuration is read from, strongest first: flags, environment, file.</summary>
internal sealed record ConfigSources
{
    /// <summary>The file named by --config; null looks into the default folder.</summary>
    public string? File { get; init; }

    /// <summary>Where minilb.yaml or minilb.json is looked for.</summary>
    public string DefaultFolder
    {
        init => DefaultFiles = FilesIn(value);
    }

    /// <summary>Those that are looked for where none is named: there must not be more than one.</summary>
    public string[] DefaultFiles { get; private init; } = FilesIn("/etc/minilb");

    /// <summary>False reads no file at all.</summary>
    public bool ReadsFile { get; init; } = true;

    /// <summary>What flags set, in the order given.</summary>
    public IReadOnlyList<ConfigSetting> Flags { get; init; } = [];

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    private static string[] FilesIn(string folder) =>
        [Path.Combine(folder, "minilb.yaml"), Path.Combine(folder, "minilb.json")];
}

/// <summary>A node that a flag puts at a path.</summary>
/// <param name="Path">Names and list positions; <see cref="FirstPool"/> stands for the first pool's name.</param>
internal sealed record ConfigSetting(string[] Path, ConfigNode Value)
{
    public const string FirstPool = "*";
}
