namespace MiniLB.BackgroundLoops.Health;

/// <summary>Health as one small number (HAProxy's): up while it is at least rise; failures lower it, passes raise
/// it.</summary>
internal static class HealthRules
{
    public const int Lowest = 0;

    // More than a collection or a busy moment takes.
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(250);

    public static int Highest(int rise, int fall) => rise + fall - 1;

    public static bool IsUp(int health, int rise) => health >= rise;

    /// <summary>True while passes or failures are being counted and the next probe should come soon.</summary>
    public static bool IsInTransition(int health, int rise, int fall) =>
        health != Lowest && health != Highest(rise, fall);

    /// <summary>True where a probe was over so long after its time that the process must have stood still meanwhile: a
    /// machine that was suspended, a process that was stopped or got no processor.</summary>
    /// <param name="took">From the probe's start to its end.</param>
    /// <param name="timeout">What it had.</param>
    public static bool IsLate(TimeSpan took, TimeSpan timeout) => took > timeout * 1.5 + Slack;

    /// <summary>The health after a probe. A change of state goes all the way, so that the next one needs its full
    /// count.</summary>
    public static int Next(int health, bool passed, int rise, int fall)
    {
        var next = passed ? health + 1 : health - 1;
        if (IsUp(health, rise))
        {
            return passed ? Highest(rise, fall) : IsUp(next, rise) ? next : Lowest;
        }

        return passed ? IsUp(next, rise) ? Highest(rise, fall) : next : Lowest;
    }
}
