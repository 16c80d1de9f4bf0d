using System.CommandLine;
using MiniLB.Config;
using MiniLB.Config.Options;

namespace MiniLB.Cli;

/// <summary>minilb check: says whether a configuration is right, everything that is not, and what it comes
/// to.</summary>
internal static class CheckCommand
{
    private static readonly Option<bool> ExplainFlag = new("--explain")
    {
        Description = "Print every value that results, and which file and line, variable or flag it comes from",
    };

    private static readonly Option<bool> DiffFlag = new("--diff")
    {
        Description = "Print what would change in the running instance, asked at the admin address",
    };

    private static readonly Option<bool> ProbeFlag = new("--probe")
    {
        Description = "Probe each backend once, as its pool's healthCheck says; exit with 1 unless all are up",
    };

    public static Command Create(ConfigFlags flags)
    {
        var command = new Command("check", "Check a configuration and list every error in it")
        {
            ExplainFlag, DiffFlag, ProbeFlag,
        };
        flags.AddTo(command);
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, flags, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, ConfigFlags flags, CancellationToken cancellationToken)
    {
        if (Configuration.Load(flags.Read(parsed)) is not { } options)
        {
            return ExitCode.Wrong;
        }

        var (explain, diff, probe) =
            (parsed.GetValue(ExplainFlag), parsed.GetValue(DiffFlag), parsed.GetValue(ProbeFlag));
        if (!explain && !diff && !probe)
        {
            WriteSummary(options);
        }

        if (explain)
        {
            WriteValues(options.Effective);
        }

        var exit = diff ? await RunningDifference.WriteAsync(options) : ExitCode.Clean;
        return probe && exit == ExitCode.Clean ? await ProbeReport.WriteAsync(options, cancellationToken) : exit;
    }

    private static void WriteSummary(BalancerOptions options)
    {
        Console.WriteLine(
            $"ok: {Count(options.Listeners.Count, "listener")}, {Count(options.Pools.Count, "pool")}, "
            + Count(options.Pools.Sum(p => p.Backends.Count), "backend")
            + (options.Pools.Sum(p => p.Sources.Count) is var sources and > 0 ? $", {Count(sources, "source")}" : ""));
        var now = DateTimeOffset.UtcNow;
        foreach (var certificate in options.Certificates)
        {
            var warning = ExpiryRules.NeedsRenewal(certificate, now) ? "warning: " : "";
            Console.WriteLine($"{warning}certificate {certificate.Path} is for {string.Join(", ", certificate.Names)}; "
                + ExpiryRules.Text(certificate, now));
        }
    }

    private static void WriteValues(EffectiveConfig effective)
    {
        foreach (var value in effective.Blanked().Values)
        {
            Console.WriteLine($"{value.Path} = {ConfigDifferences.ShownText(value.Text)}  # {value.Origin}");
        }
    }

    private static string Count(int number, string what) => number == 1 ? $"1 {what}" : $"{number} {what}s";
}
