namespace MiniLB.Cli;

/// <summary>A command that speaks to a running instance ends, and says why.</summary>
internal sealed class AdminCallException(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
