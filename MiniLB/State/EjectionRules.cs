using MiniLB.Config.Options;

namespace MiniLB.State;

/// <summary>How long a backend is ejected and how many may be.</summary>
internal static class EjectionRules
{
    /// <param name="options">The pool's.</param>
    /// <param name="times">Ejections so far that have not been forgiven, this one included.</param>
    public static TimeSpan Length(EjectionOptions options, int times)
    {
        var length = options.BaseTime * times;
        return length < options.MaxTime ? length : options.MaxTime;
    }

    /// <summary>Forgives one ejection for each base time that the backend has since stayed in rotation.</summary>
    public static int Forgive(int times, TimeSpan stayed, TimeSpan baseTime) =>
        (int)Math.Max(0, times - Math.Floor(stayed / baseTime));

    /// <summary>Never the last one that may be used, backups included; never more of the pool than allowed.</summary>
    /// <param name="pool">The pool before.</param>
    public static bool MayEject(PoolSnapshot pool) =>
        pool.Available.Length + pool.Reserve.Length > 1
        && (pool.Ejected + 1) * 100 <= pool.All.Length * pool.Options.Ejection.MaxPercent;

    /// <summary>True where a passing probe, or a connection, may bring it back.</summary>
    public static bool MayReturn(Ejection ejection, TimeSpan now) => ejection.CouldNotConnect || now >= ejection.Until;
}
