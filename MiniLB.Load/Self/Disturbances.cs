using System.Diagnostics;
using MiniLB.Load.Engine;

namespace MiniLB.Load.Self;

/// <summary>Does something to the system while the load runs.</summary>
/// <param name="system">The system.</param>
/// <param name="time">How long the load runs.</param>
/// <param name="recorder">Writes down when what was done.</param>
/// <param name="stop">The load is over.</param>
internal delegate Task Disturbance(SystemUnderLoad system, TimeSpan time, Recorder recorder, CancellationToken stop);

/// <summary>What happens to backends: they die, are restarted, are drained.</summary>
internal static class Disturbances
{
    /// <summary>Kills the first backend after three tenths of the time, and starts it again after six.</summary>
    public static async Task KillOneAsync(
        SystemUnderLoad system, TimeSpan time, Recorder recorder, CancellationToken stop)
    {
        var backend = system.Backends[0];
        await Task.Delay(time * 0.3, stop);
        await backend.KillAsync();
        recorder.Note($"{backend.Name} killed");
        await Task.Delay(time * 0.3, stop);
        await backend.StartAsync();
        recorder.Note($"{backend.Name} started");
    }

    /// <summary>Stops each backend and starts it again, the next one when all are in rotation.</summary>
    public static Task RestartAllAsync(
        SystemUnderLoad system, TimeSpan time, Recorder recorder, CancellationToken stop) =>
        OneAfterTheOtherAsync(system, time, async backend =>
        {
            recorder.Note($"{backend.Name} stopped");
            await backend.StopAsync();
            await backend.StartAsync();
            recorder.Note($"{backend.Name} started");
        }, stop);

    /// <summary>Drains each backend, restarts it and enables it.</summary>
    public static Task DrainAllAsync(
        SystemUnderLoad system, TimeSpan time, Recorder recorder, CancellationToken stop) =>
        OneAfterTheOtherAsync(system, time, async backend =>
        {
            recorder.Note($"{backend.Name} drained");
            await system.CommandAsync("drain", backend.Address, "--wait", "30s");
            await backend.StopAsync();
            await backend.StartAsync();
            await system.CommandAsync("enable", backend.Address);
            recorder.Note($"{backend.Name} enabled");
        }, stop);

    /// <summary>Gives the balancer another configuration every second.</summary>
    public static async Task ReloadAsync(
        SystemUnderLoad system, TimeSpan time, Recorder recorder, CancellationToken stop)
    {
        // The command that reloads takes its time too, and the load is to last longer than the last of them.
        var clock = Stopwatch.StartNew();
        for (var i = 1; clock.Elapsed < time * 0.7; i++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), stop);
            await system.ReconfigureAsync(i);
            recorder.Note($"reload {i}");
        }
    }

    private static async Task OneAfterTheOtherAsync(
        SystemUnderLoad system, TimeSpan time, Func<SampleBackend, Task> disturb, CancellationToken stop)
    {
        var pause = time / (system.Backends.Count + 1.0) / 2;
        foreach (var backend in system.Backends)
        {
            await Task.Delay(pause, stop);
            await disturb(backend);
            await system.AllAliveAsync(stop);
        }
    }
}
