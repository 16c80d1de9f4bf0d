using System.Net;
using System.Net.Sockets;

namespace MiniLB.Config;

/// <summary>A set of address ranges. An IPv4 address mapped into IPv6 counts as the IPv4 address.</summary>
internal sealed class CidrSet(IReadOnlyList<IPNetwork> networks)
{
    public const string Expected = "an address range such as 10.0.0.0/8 or fd00::/8, or an address";

    public static readonly CidrSet Empty = new([]);

    /// <summary>Loopback, RFC 1918, link-local (RFC 3927, RFC 4291) and unique local addresses (RFC 4193).</summary>
    public static readonly CidrSet PrivateRanges = new([.. new[]
    {
        "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16",
        "::1/128", "fc00::/7", "fe80::/10",
    }.Select(IPNetwork.Parse)]);

    public bool IsEmpty => networks.Count == 0;

    public bool Contains(IPAddress address)
    {
        if (networks.Count == 0)
        {
            return false;
        }

        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        foreach (var network in networks)
        {
            if (network.Contains(plain))
            {
                return true;
            }
        }

        return false;
    }

    public static bool TryParseNetwork(string text, out IPNetwork network)
    {
        network = default;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var written = slash < 0 ? text : text[..slash];
        // 10.1 and 010.0.0.1 are other addresses to other programs.
        if (!IPAddress.TryParse(written, out var address)
            || (address.AddressFamily == AddressFamily.InterNetwork && address.ToString() != written))
        {
            return false;
        }

        if (slash < 0)
        {
            network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
        }
        else if (!IPNetwork.TryParse(text, out network) || !network.BaseAddress.Equals(address))
        {
            // Bits below the prefix are a mistake; .NET 10 would clear them, .NET 9 refuses them.
            return false;
        }

        if (address.IsIPv4MappedToIPv6 && network.PrefixLength >= 96)
        {
            network = new IPNetwork(address.MapToIPv4(), network.PrefixLength - 96);
        }

        return true;
    }
}
