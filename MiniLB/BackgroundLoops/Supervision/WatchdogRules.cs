using System.Globalization;

namespace MiniLB.BackgroundLoops.Supervision;

/// <summary>What the service manager's variables say of its watchdog (sd_watchdog_enabled(3)).</summary>
internal static class WatchdogRules
{
    // Shorter than any sensible one, and long enough for a thread to wake up in between.
    private const long ShortestMicroseconds = 1_000;

    /// <param name="read">The environment.</param>
    /// <param name="process">Who we are: a variable that names another process was inherited and is not for us.</param>
    /// <returns>How long it waits for a ping; null where it waits for none.</returns>
    public static TimeSpan? Limit(Func<string, string?> read, int process)
    {
        if (read("WATCHDOG_PID") is { Length: > 0 } other && other != process.ToString(CultureInfo.InvariantCulture))
        {
            return null;
        }

        return long.TryParse(read("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            && limit >= ShortestMicroseconds && limit <= TimeSpan.MaxValue.Ticks / TimeSpan.TicksPerMicrosecond
                ? TimeSpan.FromMicroseconds(limit)
                : null;
    }
}
