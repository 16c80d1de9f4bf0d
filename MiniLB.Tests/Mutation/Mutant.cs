using MiniLB.Tests.Journeys.Harness;
using Mono.Cecil;

namespace MiniLB.Tests.Mutation;

/// <summary>A copy of the built program in which one method does something else, in a folder of its own that ends
/// with it.</summary>
/// <remarks>Started by <c>RunningProgram.Start(ProgramUnderTest.Command(arguments, mutant.Assembly))</c>.</remarks>
internal sealed class Mutant : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private Mutant()
    {
    }

    /// <summary>The program as it was built.</summary>
    public static string Original => ProgramUnderTest.Metadata("ProgramPath");

    public string Folder => _folder.Path;

    /// <summary>The changed assembly.</summary>
    public string Assembly => _folder.File(Path.GetFileName(Original));

    /// <inheritdoc cref="MethodBodies.Find"/>
    public static async Task<Mutant> BuildAsync(string type, string method, Replacement replacement)
    {
        var mutant = new Mutant();
        try
        {
            await Task.Run(() => mutant.Write(type, method, replacement));
            return mutant;
        }
        catch
        {
            mutant.Dispose();
            throw;
        }
    }

    public void Dispose() => _folder.Dispose();

    private void Write(string type, string method, Replacement replacement)
    {
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(Original)!).Where(f => !IsReplaced(f)))
        {
            File.Copy(file, _folder.File(Path.GetFileName(file)));
        }

        using var assembly = AssemblyDefinition.ReadAssembly(Original);
        MethodBodies.Replace(MethodBodies.Find(assembly.MainModule, type, method), replacement);
        assembly.Write(Assembly);
    }

    // The symbols would not fit any more.
    private static bool IsReplaced(string file) =>
        Path.GetFileName(file) == Path.GetFileName(Original) || Path.GetExtension(file) == ".pdb";
}
