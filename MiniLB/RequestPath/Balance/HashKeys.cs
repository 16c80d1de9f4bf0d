using System.IO.Hashing;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MiniLB.Config.Options;
using MiniLB.Wire;

namespace MiniLB.RequestPath.Balance;

/// <summary>Makes the number by which a hashing strategy recognises a request. Every instance of MiniLB makes the same
/// one
/// from the same request.</summary>
internal sealed class HashKeys(PoolOptions options)
{
    private readonly HashKeySource _source =
        options.Strategy == StrategyName.IpHash ? HashKeySource.ClientIp : options.Hash.Source;

    private readonly byte[] _name = Encoding.ASCII.GetBytes(options.Hash.Name);

    // Requests without a key are spread: one after another they get numbers far apart.
    private long _without;

    public ulong Of(Exchange exchange) => _source switch
    {
        HashKeySource.Path => OfPath(exchange.Target),
        HashKeySource.Header => OfHeader(exchange.RequestFields),
        HashKeySource.Cookie => Cookies.Find(exchange.RequestFields, _name, out var value) ? Hash(value) : Without(),
        _ => exchange.Client is { } client ? OfAddress(client) : Without(),
    };

    /// <summary>IPv4 whole; IPv6 by its first 64 bits, which a host keeps while it changes the others for privacy (RFC
    /// 8981).</summary>
    internal static ulong OfAddress(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        return Hash(address.AddressFamily == AddressFamily.InterNetwork ? bytes[..length] : bytes[..8]);
    }

    private static ulong Hash(ReadOnlySpan<byte> bytes) => XxHash3.HashToUInt64(bytes);

    private static ulong OfPath(string target)
    {
        var query = target.IndexOf('?', StringComparison.Ordinal);
        var path = query < 0 ? target.AsSpan() : target.AsSpan(0, query);
        Span<byte> bytes = path.Length <= 512 ? stackalloc byte[path.Length] : new byte[path.Length];
        Encoding.Latin1.GetBytes(path, bytes);
        return Hash(bytes);
    }

    private ulong OfHeader(FieldList fields)
    {
        for (var i = 0; i < fields.Count; i++)
        {
            var field = fields[i];
            if (field.Name.Length == _name.Length && Ascii.EqualsIgnoreCase(field.Name, _name))
            {
                return Hash(field.Value);
            }
        }

        return Without();
    }

    private ulong Without() => Hash(BitConverter.GetBytes(Interlocked.Increment(ref _without)));
}
