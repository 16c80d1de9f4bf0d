using System.CommandLine;

namespace MiniLB.Load;

/// <summary>The command line of the load generator.</summary>
internal static class LoadCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand(
            "Puts load on a running balancer, or on any HTTP server, and tells how it coped.\n\n"
            + "  dotnet run --project MiniLB.Load -c Release -- smoke --url http://127.0.0.1:8080\n"
            + "  dotnet run --project MiniLB.Load -c Release -- picks\n\n"
            + "Exit codes: 0 no request failed, 1 requests failed or the run did, 2 wrong command line.")
        {
            SmokeCommand.Create(),
            PicksCommand.Create(),
        };
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
