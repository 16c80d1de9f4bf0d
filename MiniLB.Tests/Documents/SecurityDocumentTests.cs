using System.Text.RegularExpressions;
using System.Xml.Linq;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Documents;

/// <summary>docs/security.md claims nothing that no test shows, and names what is inside as it is.</summary>
public sealed partial class SecurityDocumentTests
{
    private static readonly string Root = ProgramUnderTest.Metadata("SourceFolder");

    private static readonly string[][] Rows =
    [
        .. File.ReadAllLines(Path.Combine(Root, "docs/security.md")).Where(line => line.StartsWith("| ", Sign))
            .Select(line => line.Trim('|', ' ').Split(" | ")),
    ];

    private const StringComparison Sign = StringComparison.Ordinal;

    // The tests' own sources, by the name of the class that a file is about.
    private static readonly Dictionary<string, string> Tests = Directory
        .GetFiles(Path.Combine(Root, "MiniLB.Tests"), "*.cs", SearchOption.AllDirectories)
        .Where(f => !f.Contains("/obj/", Sign) && !f.Contains("/bin/", Sign))
        .GroupBy(f => Path.GetFileNameWithoutExtension(f))
        .ToDictionary(g => g.Key, g => string.Join('\n', g.Select(File.ReadAllText)));

    private static readonly string[][] Threats = [.. Table("Shown by", columns: 3)];

    [Fact]
    public void EveryThreat_NamesTestsThatThereAre()
    {
        Assert.True(Threats.Length > 40, $"only {Threats.Length} lines found");

        string[] missing = [.. Threats.SelectMany(row => Named().Matches(row[2]).Select(m => m.Groups[1].Value)
            .DefaultIfEmpty($"nothing, for '{row[0]}'")).Where(name => !IsTest(name))];
        Assert.Empty(missing);
    }

    // A key that is named wrongly, or has another default by now, bounds nothing.
    [Fact]
    public void EveryKeyOfABound_HasTheDefaultThatIsSaid()
    {
        var keys = string.Concat(Directory.GetFiles(Path.Combine(Root, "docs"), "*.md").Select(File.ReadAllText));
        var bounds = Threats.SelectMany(row => Bound().Matches(row[1])).ToArray();
        Assert.True(bounds.Length > 20, $"only {bounds.Length} bounds found");

        string[] wrong = [.. bounds.Select(m => m.Value).Where(b => !HasDefault(keys, b))];
        Assert.Empty(wrong);
    }

    [Fact]
    public void Components_AreThePackagesOfTheProgram()
    {
        var packages = XDocument.Load(Path.Combine(Root, "MiniLB/MiniLB.csproj")).Descendants("PackageReference")
            .Select(p => $"{p.Attribute("Include")!.Value} {p.Attribute("Version")!.Value}");
        var named = Table("Licence", columns: 3).Where(row => Version().IsMatch(row[1])).Select(r => $"{r[0]} {r[1]}");

        Assert.Equal(packages.Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
    }

    private static bool HasDefault(string keys, string bound)
    {
        var match = Bound().Match(bound);
        var (key, value) = (match.Groups[1].Value, match.Groups[2].Value);
        var last = key[(key.LastIndexOf('.') + 1)..];
        return Regex.IsMatch(
            keys, $@"^\| `(?:{Regex.Escape(key)}|(?:\w+\.)?{last})` \| `""?{Regex.Escape(value)}""?` \|",
            RegexOptions.Multiline);
    }

    private static bool IsTest(string name)
    {
        var parts = name.Split('.');
        return Tests.TryGetValue(parts[0], out var source)
            && (source.Contains("[Fact", Sign) || source.Contains("[Theory", Sign)
                || source.Contains(": ExchangeSuite", Sign))
            && (parts.Length == 1 || Regex.IsMatch(source, $@"public (?:async )?(?:Task|void) {parts[1]}\("));
    }

    /// <summary>The lines of all tables whose last column has this heading.</summary>
    private static IEnumerable<string[]> Table(string heading, int columns)
    {
        var isWanted = false;
        for (var i = 0; i < Rows.Length; i++)
        {
            if (i + 1 < Rows.Length && IsRule(Rows[i + 1]))
            {
                isWanted = Rows[i].Length == columns && Rows[i][^1] == heading;
            }
            else if (isWanted && !IsRule(Rows[i]))
            {
                yield return Rows[i];
            }
        }
    }

    // What stands between a heading and its lines.
    private static bool IsRule(string[] row) => row.All(cell => cell.Trim('-', ' ', ':').Length == 0);

    [GeneratedRegex("`([A-Z][A-Za-z0-9]+(?:\\.\\w+)?)`")]
    private static partial Regex Named();

    [GeneratedRegex("`([a-zA-Z.]+)` ([0-9][0-9.:A-Za-z]*)")]
    private static partial Regex Bound();

    [GeneratedRegex(@"^\d+\.\d+")]
    private static partial Regex Version();
}
