using System.Net;
using System.Net.Sockets;
using MiniLB.Config.Options;
using MiniLB.Transport;

namespace MiniLB;

/// <summary>Says once what was started: version, addresses, backends and strategy. Event ids from 1.</summary>
internal static partial class StartLine
{
    public static void Write(
        ILogger logger, BalancerOptions options, TransportListenerFactory listeners, string strategy)
    {
        var addresses = string.Join(", ", listeners.ClientEndPoints.Select(Describe));
        var admin = listeners.AdminEndPoint is { } endpoint ? Describe(endpoint) : "off";
        var pool = options.Pools[0];
        var backends = string.Join(", ",
            pool.Backends.Select(b => b.Weight == 1 ? b.Url : $"{b.Url} (weight {b.Weight})"));
        Started(logger, ProgramVersion.Text, addresses, admin, pool.Name, strategy, pool.Backends.Count, backends);
    }

    [LoggerMessage(2, LogLevel.Information, "stopped")]
    public static partial void WriteStopped(ILogger logger);

    [LoggerMessage(1, LogLevel.Information,
        "minilb {Version} listens on {Addresses}; admin {Admin}; "
        + "pool {Pool}: {Strategy} over {Count} backends: {Backends}")]
    private static partial void Started(
        ILogger logger, string version, string addresses, string admin, string pool, string strategy, int count,
        string backends);

    private static string Describe(EndPoint endpoint) =>
        endpoint is UnixDomainSocketEndPoint unix ? $"unix:{unix}" : $"http://{endpoint}";
}
