using System.Text.RegularExpressions;

namespace MiniLB.Tests.Architecture;

/// <summary>Who may know whom, read from the using lines.</summary>
public sealed partial class FolderDependencyTests
{
    private static readonly string[] StateAndConfig = ["State", "Config"];

    // Puts the parts together, so it knows them all; the empty name is the top folder.
    private static readonly string[] KnowAll = ["", "Cli"];

    // How async methods are compiled; knows nothing of what they do.
    private const string ForAll = "Async";

    /// <summary>What a folder may use beside itself; one without an entry follows its parent's.</summary>
    private static readonly Dictionary<string, string[]> MayUse = new()
    {
        ["Async"] = [],
        ["Wire"] = [],
        ["Config"] = [],
        ["State"] = ["Config"],
        ["Transport"] = ["Config"],
        ["Admin"] = StateAndConfig,
        ["RequestPath"] = [.. StateAndConfig, "RequestPath", "Wire"],
        ["RequestPath/Accept"] = [.. StateAndConfig, "RequestPath", "Transport", "Wire"],
        ["RequestPath/Forward"] = [.. StateAndConfig, "RequestPath", "Transport", "Wire"],
        ["RequestPath/Hooks"] = ["Config", "RequestPath", "Wire"],
        ["BackgroundLoops"] = StateAndConfig,
        ["BackgroundLoops/Health"] = [.. StateAndConfig, "Transport", "Wire"],
        ["BackgroundLoops/Upgrade"] = [.. StateAndConfig, "Transport"],
        ["BackgroundLoops/Rotation"] = [.. StateAndConfig, "Transport"],
        ["BackgroundLoops/Supervision"] = [.. StateAndConfig, "Transport"],
        ["BackgroundLoops/Shutdown"] = [.. StateAndConfig, "Transport"],
        ["BackgroundLoops/Memory"] = [.. StateAndConfig, "Transport"],
        ["Logging"] = ["Config", "RequestPath"],
        ["Demo"] = [],
    };

    [Fact]
    public void EveryUsing_IsAllowedByTheLayers() => SourceFiles.Hold(SourceFiles.All().SelectMany(file => file.Lines
        .Select((line, i) => (Used: OurUsing().Match(line).Groups[1].Value.Replace('.', '/'), Number: i + 1))
        .Where(l => l.Used.Length > 0 && !IsAllowed(file.Folder, l.Used))
        .Select(l => $"{file.Path}:{l.Number}: {file.Folder} may not know {l.Used}")));

    [Fact]
    public void EveryFolder_HasARule() => SourceFiles.Hold(SourceFiles.All().Select(f => Top(f.Folder)).Distinct()
        .Where(f => !KnowAll.Contains(f) && !MayUse.ContainsKey(f)));

    [Fact]
    public void EveryNamespace_IsItsFolder() => SourceFiles.Hold(SourceFiles.All().SelectMany(file => file.Lines
        .Select((line, i) => (Match: Namespace().Match(line), Number: i + 1))
        .Where(l => l.Match.Success && l.Match.Groups[1].Value.Replace('.', '/') != file.Folder)
        .Select(l => $"{file.Path}:{l.Number}: '{l.Match.Value}' is not the folder's")));

    private static bool IsAllowed(string folder, string used) =>
        KnowAll.Contains(folder) || Top(used) == ForAll || Unit(used) == Unit(folder)
        || (MayUse.GetValueOrDefault(Unit(folder)) ?? MayUse[Top(folder)]).Contains(Top(used));

    private static string Top(string folder) => folder.Split('/')[0];

    /// <summary>The loops are apart from one another, and so are the stations of the request path.</summary>
    private static string Unit(string folder) =>
        Top(folder) is "BackgroundLoops" or "RequestPath" ? string.Join('/', folder.Split('/').Take(2)) : Top(folder);

    [GeneratedRegex(@"^\s*(?:global )?using (?:static )?(?:\w+ = )?MiniLB\.([\w.]+);")]
    private static partial Regex OurUsing();

    [GeneratedRegex(@"^namespace MiniLB\.?([\w.]*);")]
    private static partial Regex Namespace();
}
