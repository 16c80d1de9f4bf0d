using System.Net;
using System.Net.Sockets;
using MiniLB.RequestPath.Balance;
using MiniLB.State;
using MiniLB.Transport;

namespace MiniLB;

/// <summary>Says once what was started: version, addresses, backends and strategy. Event ids from 1.</summary>
internal static partial class StartLine
{
    public static void Write(ILogger logger, WorldSnapshot world, TransportListenerFactory listeners)
    {
        var addresses = string.Join(", ", listeners.ClientEndPoints.Select(Describe));
        var admin = listeners.AdminEndPoint is { } endpoint ? Describe(endpoint) : "off";
        Started(logger, ProgramVersion.Text, addresses, admin, string.Join("; ", world.Pools.Select(Describe)));
    }

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
        return $"pool {pool.Options.Name}: {strategy} over {pool.All.Length} backends: {backends}";
    }

    private static string Describe(EndPoint endpoint) =>
        endpoint is UnixDomainSocketEndPoint unix ? $"unix:{unix}" : $"http://{endpoint}";
}
