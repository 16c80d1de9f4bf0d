using System.Reflection;
using System.Text.RegularExpressions;

namespace MiniLB.Tests.Architecture;

/// <summary>Who may know whom, read from the using lines; and the measures that every file keeps.</summary>
public sealed partial class FolderDependencyTests
{
    private static readonly string[] StateAndConfig = ["State", "Config"];

    // Puts the parts together, so it knows them all; the empty name is the top folder.
    private static readonly string[] KnowAll = ["", "Cli"];

    /// <summary>What a folder may use beside itself; a loop or a station without an entry follows its parent's.</summary>
    private static readonly Dictionary<string, string[]> MayUse = new()
    {
        ["Config"] = [],
        ["State"] = ["Config"],
        ["Transport"] = ["Config"],
        ["Admin"] = StateAndConfig,
        ["RequestPath"] = [.. StateAndConfig, "RequestPath"],
        ["RequestPath/Accept"] = [.. StateAndConfig, "RequestPath", "Transport"],
        ["RequestPath/Forward"] = [.. StateAndConfig, "RequestPath", "Transport"],
        ["BackgroundLoops"] = StateAndConfig,
        ["BackgroundLoops/Health"] = [.. StateAndConfig, "Transport"],
        ["Demo"] = [],
    };

    [Fact]
    public void EveryUsing_IsAllowedByTheLayers() => Holds(Sources().SelectMany(file => file.Lines
        .Select((line, i) => (Used: OurUsing().Match(line).Groups[1].Value.Replace('.', '/'), Number: i + 1))
        .Where(l => l.Used.Length > 0 && !IsAllowed(file.Folder, l.Used))
        .Select(l => $"{file.Path}:{l.Number}: {file.Folder} may not know {l.Used}")));

    [Fact]
    public void EveryFolder_HasARule() => Holds(Sources().Select(f => Top(f.Folder)).Distinct()
        .Where(f => !KnowAll.Contains(f) && !MayUse.ContainsKey(f)));

    [Fact]
    public void EveryNamespace_IsItsFolder() => Holds(Sources().SelectMany(file => file.Lines
        .Select((line, i) => (Match: Namespace().Match(line), Number: i + 1))
        .Where(l => l.Match.Success && l.Match.Groups[1].Value.Replace('.', '/') != file.Folder)
        .Select(l => $"{file.Path}:{l.Number}: the namespace of {file.Folder} is MiniLB.{file.Folder.Replace('/', '.')}")));

    [Fact]
    public void NoFile_HasMoreThanThreeHundredLines() => Holds(Sources()
        .Where(f => f.Lines.Length > 300).Select(f => $"{f.Path}:301: {f.Lines.Length} lines"));

    [Fact]
    public void NoLine_HasMoreThanOneHundredAndTwentyCharacters() => Holds(Sources().SelectMany(file =>
        file.Lines.Select((line, i) => (line.Length, Number: i + 1)).Where(l => l.Length > 120)
            .Select(l => $"{file.Path}:{l.Number}: {l.Length} characters")));

    [Fact]
    public void EveryFile_IsNamedAfterTheTypeItIsAbout() => Holds(Sources()
        .Where(f => f.Path != "Program.cs" && !f.Lines.Select(l => TypeDeclaration().Match(l))
            .Any(m => m.Success && m.Groups[1].Value == Path.GetFileNameWithoutExtension(f.Path)))
        .Select(f => $"{f.Path}:1: declares no type of that name"));

    private static void Holds(IEnumerable<string> violations)
    {
        var all = violations.ToArray();
        Assert.True(all.Length == 0, string.Join('\n', all));
    }

    private static bool IsAllowed(string folder, string used) =>
        KnowAll.Contains(folder) || Unit(used) == Unit(folder)
        || (MayUse.GetValueOrDefault(Unit(folder)) ?? MayUse[Top(folder)]).Contains(Top(used));

    private static string Top(string folder) => folder.Split('/')[0];

    /// <summary>The loops are apart from one another, and so are the stations of the request path.</summary>
    private static string Unit(string folder) =>
        Top(folder) is "BackgroundLoops" or "RequestPath" ? string.Join('/', folder.Split('/').Take(2)) : Top(folder);

    private static (string Path, string Folder, string[] Lines)[] Sources()
    {
        var root = Path.Combine(typeof(FolderDependencyTests).Assembly
            .GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "SourceFolder").Value!, "MiniLB");
        var files = Directory.GetFiles(root, "*.cs", SearchOption.AllDirectories)
            .Select(f => (Full: f, Path: Path.GetRelativePath(root, f)))
            .Where(f => !f.Path.StartsWith("obj/", StringComparison.Ordinal)
                && !f.Path.StartsWith("bin/", StringComparison.Ordinal))
            .Select(f => (f.Path, Path.GetDirectoryName(f.Path)!, Lines: File.ReadAllLines(f.Full)))
            .OrderBy(f => f.Path, StringComparer.Ordinal).ToArray();
        Assert.True(files.Length > 50, $"only {files.Length} files found below {root}");
        return files;
    }

    [GeneratedRegex(@"^\s*(?:global )?using (?:static )?(?:\w+ = )?MiniLB\.([\w.]+);")]
    private static partial Regex OurUsing();

    [GeneratedRegex(@"^namespace MiniLB\.?([\w.]*);")]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^(?:\w+ )*(?:class|struct|record|interface|enum|delegate)(?: struct)? (\w+)")]
    private static partial Regex TypeDeclaration();
}
