using System.Globalization;

namespace MiniLB.Tests.Journeys.Peers;

/// <summary>What the system knows of a process.</summary>
internal static class ProcessFigures
{
    /// <summary>Whether the native file is under test, which needs less memory than the built project.</summary>
    public static bool IsNative { get; } = Environment.GetEnvironmentVariable("MINILB_BINARY") is not null;

    /// <summary>Resident memory in bytes.</summary>
    public static long Resident(int process) => 1024 * long.Parse(
        File.ReadLines($"/proc/{process}/status").Single(l => l.StartsWith("VmRSS:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2],
        CultureInfo.InvariantCulture);

    /// <summary>Open descriptors. The built project keeps one or two more for each library that it has loaded so far,
    /// and loads more at the first exception; they are not counted.</summary>
    public static int Descriptors(int process) =>
        new DirectoryInfo($"/proc/{process}/fd").GetFiles()
            .Count(f => f.LinkTarget?.EndsWith(".dll", StringComparison.Ordinal) != true);

    public static string MiB(long bytes) =>
        string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:f1} MiB");
}
