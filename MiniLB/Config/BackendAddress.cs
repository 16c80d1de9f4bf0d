namespace MiniLB.Config;

/// <summary>Where a backend listens: scheme, host and port of its URL.</summary>
/// <remarks>These three say which backend it is, and <see cref="Name"/> does not: one that is found by a name is the
/// one that is listed by its address.</remarks>
internal sealed record BackendAddress(bool Tls, string Host, int Port)
{
    public const string Expected = "an http or https URL";

    /// <summary>The name by which the address was found; null where the URL has said it.</summary>
    public string? Name { get; init; }

    /// <summary>The host that it is called by: in TLS, and where a client has named none.</summary>
    public string ServerName => Name ?? Host;

    /// <summary>Host and port as a Host field names them, an IPv6 literal in brackets, a default port left
    /// out.</summary>
    public string Authority
    {
        get
        {
            var host = ServerName.Contains(':') ? $"[{ServerName}]" : ServerName;
            return Port == (Tls ? 443 : 80) ? host : $"{host}:{Port}";
        }
    }

    public bool Equals(BackendAddress? other) =>
        other is not null && Tls == other.Tls && Port == other.Port && Host == other.Host;

    public override int GetHashCode() => HashCode.Combine(Tls, Host, Port);

    public static bool TryParse(string text, out BackendAddress address) => Parse(text, out address) is null;

    /// <returns>Null and the address, or what is wrong with the text.</returns>
    public static string? Parse(string text, out BackendAddress address)
    {
        address = new BackendAddress(false, "", 0);
        if (text.AsSpan().ContainsAnyInRange('\0', ' ') || text.Contains('\\')
            || !Uri.TryCreate(text, UriKind.Absolute, out var uri)
            || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
            || uri.Host.Length == 0 || uri.Port is < 1 or > 65535)
        {
            return $"'{SecretKeys.WithoutUser(text)}' is not {Expected}";
        }

        if (uri.UserInfo.Length > 0 || uri.PathAndQuery != "/" || uri.Fragment.Length > 0)
        {
            return $"'{SecretKeys.WithoutUser(text)}' has more than scheme, host and port, "
                + "such as http://10.0.0.1:8080";
        }

        address = new BackendAddress(uri.Scheme == Uri.UriSchemeHttps, uri.DnsSafeHost, uri.Port);
        return null;
    }
}
