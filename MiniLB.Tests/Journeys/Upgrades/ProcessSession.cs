using System.Diagnostics;
using System.Globalization;

namespace MiniLB.Tests.Journeys.Upgrades;

/// <summary>A program and all that it starts: those outlive it, and must not outlive the test.</summary>
internal static class ProcessSession
{
    /// <summary>Makes the program that is started the leader of a session of its own, which has its number.</summary>
    public static ProcessStartInfo Apart(ProcessStartInfo start)
    {
        start.ArgumentList.Insert(0, start.FileName);
        start.FileName = "setsid";
        return start;
    }

    /// <summary>The processes of a session that run.</summary>
    public static int[] Of(int session) =>
    [
        .. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName)
            .Where(n => int.TryParse(n, out var id) && SessionOf(id) == session)
            .Select(n => int.Parse(n!, CultureInfo.InvariantCulture)),
    ];

    public static void Kill(int session)
    {
        // A process that is just being started is found in the next round.
        for (var i = 0; i < 20 && Of(session) is { Length: > 0 } left; i++)
        {
            foreach (var id in left)
            {
                using var kill = Process.Start("/bin/sh", ["-c", $"kill -KILL {id} 2>/dev/null"]);
                kill.WaitForExit();
            }
        }
    }

    // proc(5): the state and the session are the first and fourth field behind the name in parentheses. A zombie is not
    // running.
    private static int? SessionOf(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] == "Z" ? null : int.Parse(fields[3], CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // it has ended
        }
    }
}
