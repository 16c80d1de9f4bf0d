using System.Diagnostics;
using System.Reflection;

namespace MiniLB.Tests.Journeys.Harness;

/// <summary>How the program is started: the built project, or the native file that MINILB_BINARY names.</summary>
internal static class ProgramUnderTest
{
    private static readonly string? Binary = Environment.GetEnvironmentVariable("MINILB_BINARY");

    public static string Metadata(string key) => typeof(ProgramUnderTest).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;

    /// <param name="arguments">The command line.</param>
    /// <param name="assembly">Another assembly to run instead of the program under test.</param>
    public static ProcessStartInfo Command(IEnumerable<string> arguments, string? assembly = null)
    {
        var binary = assembly is null ? Binary : null;
        var start = new ProcessStartInfo(binary ?? "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        if (binary is null)
        {
            start.ArgumentList.Add(assembly ?? Metadata("ProgramPath"));
        }

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }
}
