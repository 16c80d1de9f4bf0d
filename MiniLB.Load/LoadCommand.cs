using System.CommandLine;
using MiniLB.Load.Scenarios;
using MiniLB.Load.Self;

namespace MiniLB.Load;

/// <summary>The command line of the load generator.</summary>
internal static class LoadCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand(
            "Puts load on a running balancer, or on any HTTP server, and tells how it coped.\n\n"
            + "  dotnet run --project MiniLB.Load -c Release -- failover --self --out report\n"
            + "  dotnet run --project MiniLB.Load -c Release -- steady --url http://127.0.0.1:8080 --rate 2000\n\n"
            + "Exit codes: 0 every threshold holds, 1 one is broken or the run failed, 2 wrong command line or profile.");
        foreach (var scenario in ScenarioList.All)
        {
            root.Subcommands.Add(ScenarioCommand.Create(scenario));
        }

        root.Subcommands.Add(PicksCommand.Create());
        root.Subcommands.Add(MetricsCommand.Create());
        root.Subcommands.Add(RateLimitCommand.Create());
        root.Subcommands.Add(SampleBackendCommand.Create());
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                await Console.Error.WriteLineAsync(error.Message);
            }

            await Console.Error.WriteLineAsync("add --help to see the commands and flags");
            return ExitCode.Wrong;
        }

        // Ctrl-C ends a run early; its result is still printed.
        var settings = new InvocationConfiguration { ProcessTerminationTimeout = null };
        return await parsed.InvokeAsync(settings);
    }
}
