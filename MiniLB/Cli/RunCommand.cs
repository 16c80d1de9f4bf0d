using System.CommandLine;
using MiniLB.BackgroundLoops.Reload;
using MiniLB.BackgroundLoops.Shutdown;
using MiniLB.Config;
using MiniLB.Config.Options;
using MiniLB.Transport;

namespace MiniLB.Cli;

/// <summary>minilb run: balances until it is told to stop.</summary>
internal static class RunCommand
{
    public static Command Create(ConfigFlags flags)
    {
        var command = new Command("run", "Balance (what minilb does without a command)");
        flags.AddTo(command);
        command.SetAction((parsed, _) => RunAsync(flags.Read(parsed)));
        return command;
    }

    private static ReloadSource Reloads(ConfigSources sources) =>
        new(errors => ConfigLoader.Load(sources, errors), () => ConfigLoader.FileOf(sources));

    public static async Task<int> RunAsync(ConfigSources sources)
    {
        if (Configuration.Load(sources) is not { } options)
        {
            return ExitCode.Wrong;
        }

        using var signals = new StopSignals();
        return await RunAsync(options, Reloads(sources), signals);
    }

    public static async Task<int> RunAsync(
        BalancerOptions options, ReloadSource reloads, StopSignals signals, Action<Balancer>? started = null)
    {
        OpenFileLimit.Raise();
        try
        {
            await using var balancer = new Balancer(options, RequestHooks.All, reloads);
            await balancer.RunAsync(signals.Stop, signals.Cut, started);
            return ExitCode.Clean;
        }
        catch (ListenException e)
        {
            await Console.Error.WriteLineAsync($"minilb: {e.Message}");
            return e.IsAddressInUse ? ExitCode.AddressInUse : ExitCode.Failed;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"minilb: {e.Message}");
            return ExitCode.Failed;
        }
        catch (OperationCanceledException) when (signals.Stop.IsCancellationRequested)
        {
            return ExitCode.Clean; // stopped before it had started
        }
    }
}
