using System.CommandLine;
using MiniLB.BackgroundLoops.Reload;
using MiniLB.BackgroundLoops.Shutdown;
using MiniLB.BackgroundLoops.Supervision;
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
        AddFlagsTo(command, flags);
        return command;
    }

    /// <summary>Has a command run the balancer.</summary>
    public static void AddFlagsTo(Command command, ConfigFlags flags)
    {
        flags.AddTo(command);
        TransportFlag.AddTo(command);
        command.SetAction((parsed, _) =>
        {
            OpenFileLimit.Raise();
            TransportFlag.Apply(parsed);
            return RunAsync(flags.Read(parsed));
        });
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
        try
        {
            var inherited = InheritedSockets.Take(Environment.GetEnvironmentVariable);
            if (inherited.Unwanted(options).ToArray() is { Length: > 0 } unwanted)
            {
                await Console.Error.WriteLineAsync(
                    $"minilb: systemd hands over {string.Join(", ", unwanted.Select(e => e.ToString()))}, where the "
                    + "configuration has neither a listener nor the admin address; expected the same in both");
                return ExitCode.Wrong;
            }

            using var notifier = ServiceNotifier.Of(Environment.GetEnvironmentVariable);
            await using var balancer = new Balancer(options, RequestHooks.All, reloads, inherited)
            {
                Notifier = notifier,
            };
            await balancer.RunAsync(signals.Stop, signals.Cut, started);
            return ExitCode.Clean;
        }
        catch (ListenException e)
        {
            await Console.Error.WriteLineAsync($"minilb: {e.Message}");
            return e.IsAddressInUse ? ExitCode.AddressInUse : ExitCode.Failed;
        }
        catch (InvalidDataException e)
        {
            await Console.Error.WriteLineAsync($"minilb: {e.Message}");
            return ExitCode.Wrong;
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
