using System.Text.RegularExpressions;

namespace MiniLB.Tests.Architecture;

/// <summary>The measures that every file of the program keeps.</summary>
public sealed partial class FileMeasureTests
{
    [Fact]
    public void NoFile_HasMoreThanThreeHundredLines() => SourceFiles.Hold(SourceFiles.All()
        .Where(f => f.Lines.Length > 300).Select(f => $"{f.Path}:301: {f.Lines.Length} lines"));

    [Fact]
    public void NoLine_HasMoreThanOneHundredAndTwentyCharacters() => SourceFiles.Hold(SourceFiles.All()
        .SelectMany(file => file.Lines.Select((line, i) => (line.Length, Number: i + 1)).Where(l => l.Length > 120)
            .Select(l => $"{file.Path}:{l.Number}: {l.Length} characters")));

    [Fact]
    public void EveryFile_IsNamedAfterTheTypeItIsAbout() => SourceFiles.Hold(SourceFiles.All()
        .Where(f => f.Path != "Program.cs" && !f.Lines.Select(l => TypeDeclaration().Match(l))
            .Any(m => m.Success && m.Groups[1].Value == Path.GetFileNameWithoutExtension(f.Path)))
        .Select(f => $"{f.Path}:1: declares no type of that name"));

    [GeneratedRegex(@"^(?:\w+ )*(?:class|struct|record|interface|enum|delegate)(?: struct)? (\w+)")]
    private static partial Regex TypeDeclaration();
}
