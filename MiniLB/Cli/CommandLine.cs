using System.CommandLine;

namespace MiniLB.Cli;

/// <summary>The commands and what each of them runs.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = Build().Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                await Console.Error.WriteLineAsync(error.Message);
            }

            await Console.Error.WriteLineAsync("'minilb --help' lists the commands and flags");
            return ExitCode.Wrong;
        }

        // Signals are the balancer's own matter: its stop is graceful and takes its time.
        var settings = new InvocationConfiguration
        {
            ProcessTerminationTimeout = null,
            EnableDefaultExceptionHandler = false,
        };
        return await parsed.InvokeAsync(settings);
    }

    private static RootCommand Build()
    {
        var flags = new ConfigFlags();
        var root = new RootCommand(
            "MiniLB balances HTTP over several backends: it checks them, fails over, and stops without losing a\n"
            + "request.\n\n"
            + "  minilb --backend http://10.0.0.1:8080 --backend http://10.0.0.2:8080\n"
            + "  minilb demo")
        {
            RunCommand.Create(flags),
            DemoCommand.Create(),
            CheckCommand.Create(flags),
            HealthCommand.Create(),
            ModeCommand.CreateDrain(),
            ModeCommand.CreateEnable(),
            ModeCommand.CreateDisable(),
            WeightCommand.Create(),
            ReloadCommand.Create(),
            UpgradeCommand.Create(),
            StatusCommand.Create(),
            FailuresCommand.Create(),
            VersionCommand.Create(),
        };
        RunCommand.AddFlagsTo(root, flags);
        return root;
    }
}
