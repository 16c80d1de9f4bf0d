using System.Globalization;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Http2.Floods;

/// <summary>Resident memory of a program, from /proc.</summary>
internal static class ResidentMemory
{
    public static async Task<long> OfAsync(RunningProgram program) => await ReadAsync(program, "VmRSS:");

    /// <summary>The most it ever was.</summary>
    public static async Task<long> PeakOfAsync(RunningProgram program) => await ReadAsync(program, "VmHWM:");

    private static async Task<long> ReadAsync(RunningProgram program, string name)
    {
        var lines = await File.ReadAllLinesAsync($"/proc/{program.Id}/status");
        var line = lines.Single(l => l.StartsWith(name, StringComparison.Ordinal));
        var kibibytes = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2];
        return long.Parse(kibibytes, CultureInfo.InvariantCulture) * 1024;
    }
}
