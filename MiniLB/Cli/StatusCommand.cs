using System.CommandLine;
using System.Text;
using MiniLB.Admin.Stats;

namespace MiniLB.Cli;

/// <summary>minilb status: how a running instance and its backends stand, as a table.</summary>
internal static class StatusCommand
{
    private const string ToTop = "\e[H";
    private const string ClearLine = "\e[K";
    private const string ClearBelow = "\e[J";
    private const string ClearAll = "\e[2J";

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private static readonly Option<bool> WatchFlag = new("--watch", "-w")
    {
        Description = "Show it anew each second, until Ctrl-C",
    };

    private static readonly Option<bool> JsonFlag = new("--json")
    {
        Description = "Print the document of /stats instead",
    };

    private static readonly Option<string?> PoolFlag = new("--pool")
    {
        Description = "Show this pool alone",
        HelpName = "NAME",
    };

    public static Command Create()
    {
        var flags = new AdminFlags();
        var command = new Command("status",
            "Show how a running instance and its backends stand\n\n"
            + "  minilb status --watch\n"
            + "  minilb status --pool web --admin unix:/run/minilb/admin.sock")
        {
            WatchFlag, JsonFlag, PoolFlag,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(JsonFlag) && (result.GetValue(WatchFlag) || result.GetValue(PoolFlag) is not null))
            {
                result.AddError("--json prints the whole document once: it goes with neither --watch nor --pool");
            }
        });
        flags.AddTo(command);
        command.SetAction((parsed, _) => RunAsync(flags, parsed));
        return command;
    }

    private static async Task<int> RunAsync(AdminFlags flags, ParseResult parsed)
    {
        if (flags.FindAddress(parsed, "status") is not { } address)
        {
            return ExitCode.Wrong;
        }

        try
        {
            using var client = new AdminClient(address);
            if (parsed.GetValue(JsonFlag))
            {
                var reply = await client.GetAsync("/stats");
                RemoteBackend.Read(reply, StatsJson.Default.StatsDocument);
                Console.WriteLine(Encoding.UTF8.GetString(reply.Body));
                return ExitCode.Clean;
            }

            var pool = parsed.GetValue(PoolFlag);
            if (!parsed.GetValue(WatchFlag))
            {
                Console.Out.Write(await ShowAsync(client, pool));
                return ExitCode.Clean;
            }

            return await WatchAsync(client, pool);
        }
        catch (AdminCallException e)
        {
            await Console.Error.WriteLineAsync($"minilb status: {e.Message}");
            return e.ExitCode;
        }
    }

    // Overwrites what it showed before, line by line: a screen that is cleared first flickers.
    private static async Task<int> WatchAsync(AdminClient client, string? pool)
    {
        var inPlace = !Console.IsOutputRedirected;
        Console.Out.Write(inPlace ? ClearAll : "");
        while (true)
        {
            var shown = await ShowAsync(client, pool);
            Console.Out.Write(inPlace
                ? ToTop + shown.Replace("\n", ClearLine + "\n", StringComparison.Ordinal) + ClearBelow
                : shown + "\n");
            await Task.Delay(Period);
        }
    }

    private static async Task<string> ShowAsync(AdminClient client, string? pool)
    {
        var stats = RemoteBackend.Read(await client.GetAsync("/stats"), StatsJson.Default.StatsDocument);
        if (pool is not null && stats.Pools.All(p => p.Pool != pool))
        {
            throw new AdminCallException(ExitCode.Wrong,
                $"there is no pool '{pool}', only {string.Join(", ", stats.Pools.Select(p => p.Pool))}");
        }

        return StatusTable.Of(stats, pool, StatusColors.OfTerminal());
    }
}
