namespace MiniLB.Cli;

/// <summary>What the process's exit status says.</summary>
internal static class ExitCode
{
    public const int Clean = 0;
    public const int Failed = 1;

    /// <summary>A wrong command line or configuration.</summary>
    public const int Wrong = 2;

    public const int AddressInUse = 3;
}
