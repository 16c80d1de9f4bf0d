using MiniLB.Config.Options;

namespace MiniLB.Transport;

/// <summary>The PROXY header that speaks for no client, or for one without an address: a probe, a unix
/// socket.</summary>
internal static class NamelessClient
{
    private static readonly ReadOnlyMemory<byte> Unknown = "PROXY UNKNOWN\r\n"u8.ToArray();

    // Signature, version 2 with the command LOCAL, no family, no addresses.
    private static readonly ReadOnlyMemory<byte> Local = "\r\n\r\n\0\r\nQUIT\n\x20\0\0\0"u8.ToArray();

    public static ReadOnlyMemory<byte> Introduction(ProxyProtocolVersion version) => version switch
    {
        ProxyProtocolVersion.V1 => Unknown,
        ProxyProtocolVersion.V2 => Local,
        _ => default,
    };
}
