using System.Net;

namespace MiniLB.Admin;

/// <summary>Which Host names the admin address serves: a page that rebinds its own name to 127.0.0.1 gets
/// nothing.</summary>
internal static class HostRules
{
    /// <param name="host">The Host field, with or without a port.</param>
    /// <param name="allowed">Names served beside localhost and the loopback literals.</param>
    public static bool IsServed(string host, IReadOnlyList<string> allowed)
    {
        var name = WithoutPort(host);
        if (name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || allowed.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            return true;
        }

        var bracketed = name.StartsWith('[') && name.EndsWith(']');
        return IPAddress.TryParse(bracketed ? name[1..^1] : name, out var address) && IPAddress.IsLoopback(address);
    }

    private static string WithoutPort(string host)
    {
        var colon = host.LastIndexOf(':');
        return colon > host.LastIndexOf(']') ? host[..colon] : host;
    }
}
