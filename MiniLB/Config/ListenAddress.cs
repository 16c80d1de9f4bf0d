using System.Net;
using System.Net.Sockets;

namespace MiniLB.Config;

/// <summary>An address to listen on: host:port, :port (all addresses), [::1]:port or unix:/path.</summary>
/// <param name="Text">As written.</param>
/// <param name="EndPoint">Where to bind; port 0 lets the system choose.</param>
/// <param name="AnyAddress">True for :port, which means both IPv6 and IPv4, or IPv4 alone where there is no
/// IPv6.</param>
internal sealed record ListenAddress(string Text, EndPoint EndPoint, bool AnyAddress)
{
    public const string Expected = "host:port, :port, [::1]:port or unix:/path, the host being an address or localhost";

    // sun_path of Linux holds 108 bytes with its terminating zero.
    private const int LongestUnixPath = 107;

    public static readonly ListenAddress Default = new(":8080", new IPEndPoint(IPAddress.IPv6Any, 8080), true);

    public bool IsUnix => EndPoint is UnixDomainSocketEndPoint;

    /// <summary>True where only this machine can reach the address.</summary>
    public bool IsLocal => EndPoint is not IPEndPoint ip || IPAddress.IsLoopback(ip.Address);

    public override string ToString() => Text;

    public static bool TryParse(string text, out ListenAddress address)
    {
        address = Default;
        if (text.StartsWith("unix:", StringComparison.Ordinal))
        {
            var path = text["unix:".Length..];
            if (!path.StartsWith('/') || System.Text.Encoding.UTF8.GetByteCount(path) > LongestUnixPath)
            {
                return false;
            }

            address = new ListenAddress(text, new UnixDomainSocketEndPoint(path), false);
            return true;
        }

        var colon = text.LastIndexOf(':');
        if (colon < 0 || !ushort.TryParse(text.AsSpan(colon + 1), System.Globalization.NumberStyles.None, null,
            out var port))
        {
            return false;
        }

        var host = text[..colon];
        if (host is "" or "*")
        {
            address = new ListenAddress(text, new IPEndPoint(IPAddress.IPv6Any, port), true);
            return true;
        }

        if (!TryParseHost(host, out var ip))
        {
            return false;
        }

        address = new ListenAddress(text, new IPEndPoint(ip, port), false);
        return true;
    }

    private static bool TryParseHost(string host, out IPAddress ip)
    {
        if (host == "localhost")
        {
            ip = IPAddress.Loopback;
            return true;
        }

        var bracketed = host.StartsWith('[') && host.EndsWith(']');
        var literal = bracketed ? host[1..^1] : host;
        return IPAddress.TryParse(literal, out ip!) && !literal.Contains('[')
            && bracketed == (ip.AddressFamily == AddressFamily.InterNetworkV6);
    }
}
