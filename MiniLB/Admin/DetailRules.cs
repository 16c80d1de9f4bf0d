using System.Net;
using MiniLB.Config;
using MiniLB.Config.Options;

namespace MiniLB.Admin;

/// <summary>Who sees the list of backends in the health document of a listener.</summary>
internal static class DetailRules
{
    /// <param name="client">The client's address; null stands for a unix socket, which only this machine
    /// reaches.</param>
    /// <param name="options">The detail asked for and the trusted proxies.</param>
    public static bool ShowsBackends(IPAddress? client, BalancerOptions options) => options.StatusDetail switch
    {
        StatusDetail.All => true,
        StatusDetail.Private => client is null
            || CidrSet.PrivateRanges.Contains(client) || options.TrustedProxies.Contains(client),
        _ => false,
    };
}
