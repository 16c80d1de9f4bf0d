using System.Reflection;

namespace MiniLB.Tests.Architecture;

/// <summary>The program's source files, read from the folder that the tests were built from.</summary>
internal static class SourceFiles
{
    public static (string Path, string Folder, string[] Lines)[] All()
    {
        var root = Path.Combine(typeof(SourceFiles).Assembly
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

    public static void Hold(IEnumerable<string> violations)
    {
        var all = violations.ToArray();
        Assert.True(all.Length == 0, string.Join('\n', all));
    }
}
