using System.Diagnostics;
using System.Reflection;

namespace MiniLB.Tests.Journeys.Harness;

/// <summary>How the program is started: the built project, or the native file that MINILB_BINARY names.</summary>
internal static class ProgramUnderTest
{
    private static readonly string? Binary = Environment.GetEnvironmentVariable("MINILB_BINARY");

    // Of --transport; null for the default.
    private static readonly string? Transport = Environment.GetEnvironmentVariable("MINILB_BINARY_TRANSPORT");

    /// <summary>False for the native file.</summary>
    public static bool IsBuiltProject => Binary is null;

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

        // Balancing is what is done without a command.
        if (Transport is not null && assembly is null && arguments.FirstOrDefault("run") is "run" or ['-', ..])
        {
            start.ArgumentList.Add("--transport");
            start.ArgumentList.Add(Transport);
        }

        // By itself it is the size of the processor's last cache, which may be hundreds of megabytes: what a test sees of
        // memory would be garbage, and differ from machine to machine.
        start.Environment["DOTNET_GCgen0size"] = "1000000"; // hexadecimal, as is the next
        start.Environment["DOTNET_GCGen0MaxBudget"] = "1000000";
        return start;
    }
}
