using System.Diagnostics;

namespace MiniLB.Tests.Journeys.Harness;

/// <summary>Ends processes that a test has started.</summary>
internal static class ProcessEnd
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <summary>Kills it with all that it has started, and waits for its end alone: what outlives it may hold its output
    /// open, and would be waited for without end.</summary>
    public static void End(this Process process)
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            Assert.True(process.WaitForExit(Deadline), $"{process.Id} outlives SIGKILL");
        }

        process.Dispose();
    }
}
