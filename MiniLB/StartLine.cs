using MiniLB.Config;
using MiniLB.Config.Options;
using MiniLB.RequestPath.Balance;
using MiniLB.State;
using MiniLB.Transport;

namespace MiniLB;

/// <summary>Says once what was started: version, addresses, backends and strategy. Event ids from 1.</summary>
internal static partial class StartLine
{
    public static void Write(ILogger logger, WorldSnapshot world, ListenerSet listeners)
    {
        var (clients, admin) = listeners.Texts;
        Started(
            logger, ProgramVersion.Text, string.Join(", ", clients), admin ?? "off",
            string.Join("; ", world.Pools.Select(Describe)));
    }

    /// <summary>Says what the limit of memory means, where there is one.</summary>
    public static void WriteMemory(ILogger logger, MemoryPlan plan, LimitOptions limits)
    {
        if (plan.Limit > 0)
        {
            Bounded(logger, plan.Limit / (1024 * 1024), plan.Connections(limits), plan.InFlight(limits));
        }
    }

    [LoggerMessage(3, LogLevel.Information,
        "the system allows {Mebibytes} MiB of memory: up to {Connections} connections and {Requests} requests at once")]
    private static partial void Bounded(ILogger logger, long mebibytes, int connections, int requests);

    [LoggerMessage(2, LogLevel.Information, "stopped")]
    public static partial void WriteStopped(ILogger logger);

    [LoggerMessage(1, LogLevel.Information,
        "minilb {Version} listens on {Addresses}; admin {Admin}; {Pools}")]
    private static partial void Started(
        ILogger logger, string version, string addresses, string admin, string pools);

    private static string Describe(PoolSnapshot pool)
    {
        var strategy = ((BalancedPath)pool.Path!).Strategy.Name;
        var backends = string.Join(", ", pool.All.Select(b => b.Weight == 1 ? b.Url : $"{b.Url} (weight {b.Weight})"));
        var sources = string.Concat(pool.Options.Sources.Select(s => $" ({s.Key})"));
        return $"pool {pool.Options.Name}: {strategy} over {pool.All.Length} backends: {backends}{sources}";
    }
}
