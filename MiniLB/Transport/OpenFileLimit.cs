namespace MiniLB.Transport;

/// <summary>The number of files and sockets the process may hold open.</summary>
internal static class OpenFileLimit
{
    // epoll, timers, logs and a few pipes aside, a balanced request takes two descriptors; a million is beyond any
    // memory limit.
    private const nuint Enough = 1_048_576;

    /// <summary>Raises the soft limit, often 1,024, to the hard one.</summary>
    /// <returns>The limit now in force; 0 where it could not be read.</returns>
    public static long Raise()
    {
        if (!OperatingSystem.IsLinux()
            || NativeMethods.GetResourceLimit(NativeMethods.RlimitNofile, out var limit) != 0)
        {
            return 0;
        }

        var wanted = limit with { Soft = nuint.Min(limit.Hard, Enough) };
        if (wanted.Soft > limit.Soft && NativeMethods.SetResourceLimit(NativeMethods.RlimitNofile, wanted) == 0)
        {
            return (long)wanted.Soft;
        }

        return (long)limit.Soft;
    }
}
