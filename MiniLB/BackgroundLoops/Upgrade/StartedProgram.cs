using System.Diagnostics;
using System.Text;

namespace MiniLB.BackgroundLoops.Upgrade;

/// <summary>How this process was started, so that another one can be started likewise.</summary>
/// <remarks>The path is the one that was called, not the file that it led to then: an operator who points a symbolic
/// link at another version means that one.</remarks>
internal sealed class StartedProgram
{
    // Each names this process or its descriptors.
    private static readonly string[] OwnVariables =
        ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES", "WATCHDOG_PID", "SYSTEMD_EXEC_PID"];

    private readonly string[] _arguments;

    private StartedProgram(string path, string[] arguments) => (Path, _arguments) = (path, arguments);

    public string Path { get; }

    /// <returns>Null where the system does not say, as where /proc is missing.</returns>
    public static StartedProgram? Read()
    {
        try
        {
            var words = Encoding.UTF8.GetString(File.ReadAllBytes("/proc/self/cmdline")).Split('\0')[..^1];
            return Find(words.FirstOrDefault("")) is { } path ? new StartedProgram(path, words[1..]) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The same again, with the environment and the working directory of this process.</summary>
    public ProcessStartInfo Again()
    {
        var start = new ProcessStartInfo(Path, _arguments) { UseShellExecute = false };
        foreach (var name in OwnVariables)
        {
            start.Environment.Remove(name);
        }

        return start;
    }

    // As the shell finds it; where the first word is no file, as with exec -a, what the kernel has executed.
    private static string? Find(string word)
    {
        var folders = word.Contains('/', StringComparison.Ordinal)
            ? [Environment.CurrentDirectory]
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        return folders.Select(f => System.IO.Path.Combine(f, word)).FirstOrDefault(File.Exists)
            ?? Environment.ProcessPath;
    }
}
