namespace MiniLB.Load;

/// <summary>What the process's exit status says.</summary>
internal static class ExitCode
{
    public const int Clean = 0;

    /// <summary>Requests failed, or the run itself did.</summary>
    public const int Failed = 1;

    /// <summary>A wrong command line.</summary>
    public const int Wrong = 2;
}
