using System.IO.Hashing;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using MiniLB.Config.Options;
using MiniLB.Wire;

namespace MiniLB.RequestPath.Balance;

/// <summary>Makes the number by which a hashing strategy recognises a request. Every instance of MiniLB makes the same
/// one from the same request.</summary>
/// <remarks>A header or a cookie without a value tells no client from another, and counts as none.</remarks>
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
        HashKeySource.Cookie => OfCookie(exchange.RequestFields),
        _ => exchange.Client is { } client ? OfAddress(client) : Without(),
    };

    /// <summary>IPv4 whole; IPv6 by its first 64 bits, which a host keeps while it changes the others for privacy (RFC
    /// 8981).</summary>
    internal static ulong OfAddress(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        return Hash(length == 4 ? bytes[..4] : address.IsIPv4MappedToIPv6 ? bytes[12..] : bytes[..8]);
    }

    private static ulong Hash(ReadOnlySpan<byte> bytes) => XxHash3.HashToUInt64(bytes);

    // Two bytes for each character, as they lie in memory: a long path needs no copy.
    private static ulong OfPath(string target)
    {
        var query = target.IndexOf('?', StringComparison.Ordinal);
        return Hash(MemoryMarshal.AsBytes(query < 0 ? target : target.AsSpan(0, query)));
    }

    private ulong OfHeader(FieldList fields)
    {
        for (var i = 0; i < fields.Count; i++)
        {
            var field = fields[i];
            if (!field.Value.IsEmpty && Ascii.EqualsIgnoreCase(field.Name, _name))
            {
                return Hash(field.Value);
            }
        }

        return Without();
    }

    private ulong OfCookie(FieldList fields)
    {
        var cookies = new Cookies(fields, _name);
        while (cookies.TryNext(out var value))
        {
            if (!value.IsEmpty)
            {
                return Hash(value);
            }
        }

        return Without();
    }

    private ulong Without()
    {
        var number = Interlocked.Increment(ref _without);
        return Hash(MemoryMarshal.AsBytes(new ReadOnlySpan<long>(in number)));
    }
}
