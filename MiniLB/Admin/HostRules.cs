using System.Net;
using MiniLB.Config.Options;

namespace MiniLB.Admin;

/// <summary>Which Host names the admin address serves: a page that rebinds its own name to 127.0.0.1 gets
/// nothing.</summary>
internal static class HostRules
{
    /// <param name="host">The Host field, with or without a port.</param>
    /// <param name="admin">Names served beside localhost and the loopback literals. Where the address is there for
    /// other machines, they call it by its number, and a number cannot be made to point elsewhere.</param>
    public static bool IsServed(string host, AdminOptions admin)
    {
        var name = WithoutPort(host);
        if (name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || admin.Hosts.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            return true;
        }

        var bracketed = name.StartsWith('[') && name.EndsWith(']');
        return IPAddress.TryParse(bracketed ? name[1..^1] : name, out var address)
            && (IPAddress.IsLoopback(address) || admin.Address is { IsLocal: false });
    }

    private static string WithoutPort(string host)
    {
        var colon = host.LastIndexOf(':');
        return colon > host.LastIndexOf(']') ? host[..colon] : host;
    }
}
