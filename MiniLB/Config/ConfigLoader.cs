using MiniLB.Config.Options;

namespace MiniLB.Config;

/// <summary>Reads all sources, lays them over one another and binds the result.</summary>
internal static class ConfigLoader
{
    private const string DefaultPool = "default";

    /// <returns>The options, to be used only where <paramref name="errors"/> has none.</returns>
    public static BalancerOptions Load(ConfigSources sources, ConfigErrors errors)
    {
        var file = sources.ReadsFile ? ReadFile(sources, errors) : null;
        // Without the file every key that it gives would be reported as missing.
        var bindingErrors = errors.Errors.Count > 0 && file is null ? new ConfigErrors() : errors;
        var root = file ?? ConfigNode.Map(new ConfigOrigin("configuration"));
        EnvironmentOverlay.Apply(root, sources.Environment, errors);
        foreach (var flag in sources.Flags)
        {
            var path = Array.ConvertAll(flag.Path, p => p == ConfigSetting.FirstPool ? FirstPoolOf(root) : p);
            if (root.Set(path, flag.Value, anyCase: false) is { } problem)
            {
                errors.Add(flag.Value.Origin, string.Join('.', path), problem);
            }
        }

        return OptionsBinder.Bind(root, bindingErrors);
    }

    /// <returns>The file that is read; null where there is none.</returns>
    public static string? FileOf(ConfigSources sources) => !sources.ReadsFile ? null
        : sources.File ?? (DefaultFiles(sources) is [var only] ? only : null);

    private static ConfigNode? ReadFile(ConfigSources sources, ConfigErrors errors)
    {
        if ((sources.File is { } named ? [named] : DefaultFiles(sources)) is not [var path, ..] found)
        {
            return null;
        }

        if (found is [_, var other])
        {
            // The one that is not read would be edited one day, and nothing would come of it.
            errors.Add(new ConfigOrigin(path), "", $"and {other} both exist; say which one with --config");
            return null;
        }

        if (ReaderFor(path) is not { } reader)
        {
            errors.Add(new ConfigOrigin(path), "",
                "the name of a configuration file must end in .json, .yaml or .yml");
            return null;
        }

        try
        {
            return reader.Read(File.ReadAllBytes(path), path, errors);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            errors.Add(new ConfigOrigin(path), "", $"cannot be read: {e.Message}");
            return null;
        }
    }

    // Asked ten times a second, mostly for nothing.
    private static string[] DefaultFiles(ConfigSources sources) =>
        Array.FindAll(sources.DefaultFiles, File.Exists);

    /// <returns>Null where the name says nothing of how the file is written.</returns>
    public static IConfigReader? ReaderFor(string path) => Path.GetExtension(path) switch
    {
        ".json" => new JsonConfigReader(),
        ".yaml" or ".yml" => new YamlConfigReader(),
        _ => null,
    };

    private static string FirstPoolOf(ConfigNode root) =>
        root.Find("pools")?.Value is { Kind: ConfigKind.Map, Members: [var first, ..] } ? first.Name : DefaultPool;
}
