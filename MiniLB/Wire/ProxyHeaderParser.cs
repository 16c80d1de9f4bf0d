namespace MiniLB.Wire;

/// <summary>Reads the header of the PROXY protocol, version 1 or 2, which comes before anything else on a
/// connection.</summary>
/// <remarks>https://www.haproxy.org/download/2.8/doc/proxy-protocol.txt. What begins as neither version
/// does is told at once, without waiting for more.</remarks>
internal static class ProxyHeaderParser
{
    /// <param name="received">What has arrived so far, and perhaps more than the header; no more than
    /// <see cref="ProxyHeaderV2.MostBytes"/> of it is looked at.</param>
    /// <param name="header">What it says.</param>
    /// <param name="length">How many bytes are the header's.</param>
    public static ProxyHeaderError Read(ReadOnlySpan<byte> received, out ProxyHeader header, out int length)
    {
        (header, length) = (default, 0);
        // Their first bytes differ.
        return ProxyHeaderV2.MayBegin(received) ? ProxyHeaderV2.Read(received, out header, out length)
            : ProxyHeaderV1.MayBegin(received) ? ProxyHeaderV1.Read(received, out header, out length)
            : ProxyHeaderError.NoHeader;
    }
}
