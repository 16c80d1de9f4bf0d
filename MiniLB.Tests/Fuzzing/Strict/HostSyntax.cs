using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace MiniLB.Tests.Fuzzing.Strict;

/// <summary>Judges a Host value: host, optional port.</summary>
internal static class HostSyntax
{
    private const string SubDelimiters = "!$&'()*+,;=%";

    /// <summary>The fault, or null.</summary>
    public static string? Check(string value, StrictMessage message)
    {
        message.Doubtful(value.Length == 0, "empty Host");
        var (host, port) = Split(value);
        if (port is not null)
        {
            if (!port.All(char.IsAsciiDigit))
            {
                return "port of Host";
            }

            message.Doubtful(
                port.Length is 0 or > 5 || int.Parse(port, CultureInfo.InvariantCulture) is 0 or > 65535, "odd port");
        }

        if (host.StartsWith('['))
        {
            var literal = host.TrimStart('[').TrimEnd(']');
            message.Doubtful(literal.Contains('%', StringComparison.Ordinal), "zone of an address");
            var isAddress = IPAddress.TryParse(literal, out var address)
                && address.AddressFamily == AddressFamily.InterNetworkV6;
            var mayBe = literal.Length > 1 && literal.All(c => char.IsAsciiLetterOrDigit(c) || c is ':' or '.' or '%');
            message.Doubtful(!isAddress && mayBe, "unknown kind of address");
            return host[^1] != ']' || !mayBe ? "address of Host" : null;
        }

        message.Doubtful(host.Length == 0, "no host before a port");
        message.Doubtful(host.Any(c => SubDelimiters.Contains(c, StringComparison.Ordinal)), "delimiters in Host");
        return host.All(c => char.IsAsciiLetterOrDigit(c) || "-._~".Contains(c, StringComparison.Ordinal)
            || SubDelimiters.Contains(c, StringComparison.Ordinal)) ? null : "character in Host";
    }

    private static (string Host, string? Port) Split(string value)
    {
        var bracket = value.LastIndexOf(']');
        var colon = value.IndexOf(':', Math.Max(0, value.StartsWith('[') ? bracket : 0));
        return colon < 0 ? (value, null) : (value[..colon], value[(colon + 1)..]);
    }
}
