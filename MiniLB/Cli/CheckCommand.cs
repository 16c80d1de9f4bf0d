using System.CommandLine;

namespace MiniLB.Cli;

/// <summary>minilb check: says whether a configuration is right, and everything that is not.</summary>
internal static class CheckCommand
{
    public static Command Create(ConfigFlags flags)
    {
        var command = new Command("check", "Check a configuration and list every error in it");
        flags.AddTo(command);
        command.SetAction(parsed =>
        {
            if (Configuration.Load(flags.Read(parsed)) is not { } options)
            {
                return ExitCode.Wrong;
            }

            var backends = options.Pools.Sum(p => p.Backends.Count);
            Console.WriteLine($"ok: {Count(options.Listeners.Count, "listener")}, "
                + $"{Count(options.Pools.Count, "pool")}, {Count(backends, "backend")}");
            return ExitCode.Clean;
        });
        return command;
    }

    private static string Count(int number, string what) => number == 1 ? $"1 {what}" : $"{number} {what}s";
}
