using MiniLB.Load.Profiles;
using MiniLB.Load.Scenarios;

namespace MiniLB.Load.Engine;

/// <summary>How much a target can do: what it answers to a fixed number of clients that never wait.</summary>
internal static class Capacity
{
    // More than a balancer's few backends work on at a time, fewer than would fill its queue.
    private const int Connections = 64;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(3);

    /// <returns>The profile with rates a second, and the capacity in answers a second where the profile's rates were
    /// multiples of it.</returns>
    public static async Task<(LoadProfile Profile, double? PerSecond)> ScaleAsync(
        LoadProfile profile, IScenario scenario, CancellationToken stop)
    {
        if (!profile.OfCapacity)
        {
            return (profile, null);
        }

        var clock = new MachineClock();
        var recorder = new Recorder(clock, profile.Expected);
        var measure = new LoadProfile(
            WarmUp, [new LoadStage(LoadShape.Closed, Connections, Connections, Time)], OfCapacity: false, []);
        await new BuiltInEngine(clock).RunAsync(
            new LoadRun("capacity", scenario.RequestAsync, measure, recorder, Folder: null), stop);
        var result = recorder.Result();
        var answered = result.Total.Requests - result.Total.Failed - result.Total.Refused;
        var perSecond = Math.Round(answered / Math.Max(0.001, result.Elapsed.TotalSeconds), 1);
        Console.WriteLine($"capacity: {perSecond} answers a second with {Connections} requests in flight");
        return perSecond > 0
            ? (profile.TimesRate(perSecond) with { OfCapacity = false }, perSecond)
            : throw new InvalidOperationException("nothing was answered while the capacity was measured");
    }
}
