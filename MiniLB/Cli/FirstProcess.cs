using System.CommandLine;
using System.Text;
using MiniLB.Config;

namespace MiniLB.Cli;

/// <summary>The instance that is process 1, as in a container: its flags say where its admin address is, so that the
/// HEALTHCHECK of an image need not be told what the container was started with.</summary>
internal static class FirstProcess
{
    /// <returns>What its flags set; null where process 1 is another program.</returns>
    public static ConfigSources? Sources()
    {
        try
        {
            return IsThisProgram() ? SourcesOf(File.ReadAllText("/proc/1/cmdline", Encoding.UTF8)) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // another user's process, or no /proc: then it is asked for as everywhere else
        }
    }

    /// <param name="commandLine">The program and its arguments, each ended by a zero byte, as /proc has them.</param>
    internal static ConfigSources? SourcesOf(string commandLine)
    {
        var flags = new ConfigFlags();
        var root = new RootCommand { new Command("run"), new Command("demo") };
        root.SetAction(_ => { }); // a command is not needed
        flags.AddTo(root);
        foreach (var command in root.Subcommands)
        {
            flags.AddTo(command);
        }

        var parsed = root.Parse(commandLine.Split('\0')[1..^1]);
        return parsed.Errors.Count > 0 ? null : flags.Read(parsed);
    }

    private static bool IsThisProgram() =>
        Environment.ProcessId != 1
        && File.ResolveLinkTarget("/proc/1/exe", returnFinalTarget: false)?.FullName == Environment.ProcessPath;
}
