using System.Buffers;
using System.Globalization;
using System.Net;
using MiniLB.Config.Options;

namespace MiniLB.Config;

/// <summary>Reads the URL of a source of backends: scheme, name and, where the answer does not tell it, port.</summary>
/// <remarks>By hand: what a URL may have for a host is wider than what can be asked for, and does not have the
/// underscores of a service.</remarks>
internal static class SourceName
{
    public const string ExpectedDns = "an http or https URL with a name, such as http://api.internal:8080";
    public const string ExpectedSrv = "a service behind http or https, such as http://_http._tcp.api.internal";

    private const int LongestName = 253;
    private const int LongestLabel = 63;

    private static readonly SearchValues<char> OfNames =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

    public static bool IsDns(string text, out BackendSource source) => ParseDns(text, out source) is null;

    public static bool IsSrv(string text, out BackendSource source) => ParseSrv(text, out source) is null;

    /// <returns>Null and the source, or what is wrong with the text.</returns>
    public static string? ParseDns(string text, out BackendSource source)
    {
        source = null!;
        if (Rest(text, out var tls) is not { } rest)
        {
            return $"'{SecretKeys.WithoutUser(text)}' is not {ExpectedDns}";
        }

        var port = tls ? 443 : 80;
        var colon = rest.LastIndexOf(':');
        if (IPAddress.TryParse(rest, out _) || (colon > 0 && IPAddress.TryParse(rest[..colon], out _)))
        {
            return $"'{text}' has an address, which needs no look-up; expected a name here, or url in the place of dns";
        }

        if (colon >= 0 && (!int.TryParse(rest[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port)
            || port is < 1 or > 65535))
        {
            return $"'{SecretKeys.WithoutUser(text)}' is not {ExpectedDns}";
        }

        var name = colon < 0 ? rest : rest[..colon];
        if (!IsName(name))
        {
            return $"'{SecretKeys.WithoutUser(text)}' is not {ExpectedDns}";
        }

        source = new BackendSource { Kind = SourceKind.Dns, Text = text, Tls = tls, Name = name, Port = port };
        return null;
    }

    /// <returns>Null and the source, or what is wrong with the text.</returns>
    public static string? ParseSrv(string text, out BackendSource source)
    {
        source = null!;
        if (Rest(text, out var tls) is not { } name)
        {
            return $"'{SecretKeys.WithoutUser(text)}' is not {ExpectedSrv}";
        }

        if (name.Contains(':', StringComparison.Ordinal))
        {
            return $"'{SecretKeys.WithoutUser(text)}' has a port, which SRV records tell; expected {ExpectedSrv}";
        }

        source = new BackendSource { Kind = SourceKind.Srv, Text = text, Tls = tls, Name = name };
        return IsName(name) && source.ServerName is [not '_', ..] && source.ServerName.Length < name.TrimEnd('.').Length
            ? null
            : $"'{SecretKeys.WithoutUser(text)}' is not {ExpectedSrv}";
    }

    /// <summary>True for a name that can be asked for: of letters, digits, hyphens and underscores.</summary>
    public static bool IsName(string name)
    {
        var bare = name.EndsWith('.') ? name[..^1] : name;
        return bare.Length is > 0 and <= LongestName && !bare.AsSpan().ContainsAnyExcept(OfNames)
            && Array.TrueForAll(bare.Split('.'), label => label.Length is > 0 and <= LongestLabel);
    }

    // One slash may end it, as in a URL.
    private static string? Rest(string text, out bool tls)
    {
        const string plain = "http://";
        const string secured = "https://";
        tls = text.StartsWith(secured, StringComparison.OrdinalIgnoreCase);
        if (!tls && !text.StartsWith(plain, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var rest = text[(tls ? secured.Length : plain.Length)..];
        return rest.EndsWith('/') ? rest[..^1] : rest;
    }
}
