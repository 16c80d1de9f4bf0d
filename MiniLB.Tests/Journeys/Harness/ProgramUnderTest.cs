using System.Diagnostics;
using System.Reflection;

namespace MiniLB.Tests.Journeys.Harness;

/// <summary>How the program is started: the built project, or the native file that MINILB_BINARY names.</summary>
internal static class ProgramUnderTest
{
    private static readonly string? Binary = Environment.GetEnvironmentVariable("MINILB_BINARY");

    public static string Metadata(string key) => typeof(ProgramUnderTest).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;

    public static ProcessStartInfo Command(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Binary ?? "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        if (Binary is null)
        {
            start.ArgumentList.Add(Metadata("ProgramPath"));
        }

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }
}
