using System.Net;
using System.Net.Sockets;

namespace MiniLB.BackgroundLoops.Discovery;

/// <summary>Which addresses of an answer can be a server's.</summary>
internal static class AddressRules
{
    /// <summary>Those that can, each once, in an order that is the same on every node and in every answer.</summary>
    /// <remarks>Of an answer that has none but others, nothing is believed: 0.0.0.0 is what filters answer in the place
    /// of what they hide, and to connect to it is to connect to this machine.</remarks>
    public static FoundAddresses Usable(IReadOnlyList<IPAddress> addresses)
    {
        var usable = addresses.Select(a => a.IsIPv4MappedToIPv6 ? a.MapToIPv4() : a).Where(IsServer).Distinct()
            .Order(Comparer<IPAddress>.Create(Compare)).ToArray();
        return usable.Length == 0 && addresses.Count > 0
            ? new FoundAddresses([], $"it has no address but {addresses[0]}, where no server can be", IsKnown: false)
            : new FoundAddresses(usable, null, IsKnown: true);
    }

    /// <summary>IPv4 first, each family by its numbers.</summary>
    public static int Compare(IPAddress? a, IPAddress? b)
    {
        var (left, right) = (a!.GetAddressBytes(), b!.GetAddressBytes());
        return left.Length != right.Length
            ? left.Length.CompareTo(right.Length)
            : left.AsSpan().SequenceCompareTo(right);
    }

    // A link-local address is none without the number of a link, which DNS does not know.
    private static bool IsServer(IPAddress address)
    {
        const int firstMulticast = 224;
        return address.AddressFamily == AddressFamily.InterNetwork
            ? address.GetAddressBytes()[0] is > 0 and < firstMulticast
            : !address.Equals(IPAddress.IPv6Any) && !address.IsIPv6Multicast
                && (!address.IsIPv6LinkLocal || address.ScopeId != 0);
    }
}
