using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace MiniLB.Config;

/// <summary>A set of address ranges. An IPv4 address mapped into IPv6 counts as the IPv4 address.</summary>
/// <remarks>Requests look addresses up here, in lists of thousands too: see <see cref="AddressRanges{T}"/>.</remarks>
internal sealed class CidrSet
{
    public const string Expected = "an address range such as 10.0.0.0/8 or fd00::/8, or an address";

    public static readonly CidrSet Empty = new([]);

    /// <summary>Loopback, RFC 1918, link-local (RFC 3927, RFC 4291) and unique local addresses (RFC 4193).</summary>
    public static readonly CidrSet PrivateRanges = new([.. new[]
    {
        "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16",
        "::1/128", "fc00::/7", "fe80::/10",
    }.Select(IPNetwork.Parse)]);

    private readonly AddressRanges<uint> _v4;
    private readonly AddressRanges<UInt128> _v6;

    public CidrSet(IReadOnlyList<IPNetwork> networks)
    {
        _v4 = new AddressRanges<uint>(networks.Where(IsV4).Select(n =>
        {
            var first = V4(n.BaseAddress);
            return (first, n.PrefixLength == 0 ? uint.MaxValue : first | (uint)((1UL << (32 - n.PrefixLength)) - 1));
        }));
        _v6 = new AddressRanges<UInt128>(networks.Where(n => !IsV4(n)).Select(n =>
        {
            var first = V6(n.BaseAddress);
            var others = n.PrefixLength == 0 ? UInt128.MaxValue : (UInt128.One << (128 - n.PrefixLength)) - 1;
            return (first, first | others);
        }));
        IsEmpty = networks.Count == 0;
    }

    public bool IsEmpty { get; }

    public bool Contains(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetwork || address.IsIPv4MappedToIPv6
            ? !_v4.IsEmpty && _v4.Contains(V4(address))
            : !_v6.IsEmpty && _v6.Contains(V6(address));

    private static bool IsV4(IPNetwork network) => network.BaseAddress.AddressFamily == AddressFamily.InterNetwork;

    // The last four bytes, of a mapped address too.
    private static uint V4(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        return BinaryPrimitives.ReadUInt32BigEndian(bytes[(length - 4)..]);
    }

    private static UInt128 V6(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
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
