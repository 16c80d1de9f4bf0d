using MiniLB.Tests.Fuzzing.Oracle;
using MiniLB.Tests.Fuzzing.Scripts;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Fuzzing.Engine;

/// <summary>Where the corpus lies, and where cases with findings are written so that they can be added to it.</summary>
internal static class FuzzFiles
{
    public static string Corpus => Path.Combine(Source, "MiniLB.Tests", "Fuzzing", "Corpus");

    private static string Source => ProgramUnderTest.Metadata("SourceFolder");

    private static string Found => Path.Combine(Source, "out", "fuzz");

    public static IReadOnlyList<FuzzCase> ReadCorpus() =>
    [
        .. Directory.GetFiles(Corpus, "*.txt").Order(StringComparer.Ordinal)
            .Select(f => CaseText.Read(Path.GetFileNameWithoutExtension(f), File.ReadAllText(f))),
    ];

    /// <summary>Writes one file for each kept finding with a case, and gives their paths.</summary>
    public static IReadOnlyList<string> Write(Findings findings)
    {
        Directory.CreateDirectory(Found);
        var paths = new List<string>();
        foreach (var finding in findings.Kept.Where(f => f.Case is not null))
        {
            var kind = string.Concat(finding.Kind.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-'));
            var path = Path.Combine(Found, $"{kind}-{finding.Case!.Name}.txt");
            File.WriteAllText(path, CaseText.Write(finding.Case, $"{finding.Kind}\n{finding.Detail}"));
            paths.Add(path);
        }

        return paths;
    }
}
