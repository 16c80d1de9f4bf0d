using MiniLB.Config.Options;

namespace MiniLB.Config;

/// <summary>Gives the keys under a pool's <c>tls</c> their meaning.</summary>
internal static class BackendTlsBinder
{
    private const string ExpectedName = "a host name such as api.example.com, or an IP address";

    public static BackendTlsOptions Bind(ConfigSection pool, PoolOptions bound)
    {
        var section = pool.Section("tls");
        var defaults = new BackendTlsOptions();
        var options = new BackendTlsOptions
        {
            Verify = section.Flag("verify", defaults.Verify),
            Ca = PemFiles.Authorities(section, "ca"),
            ServerName = section.Optional("serverName", defaults.ServerName, TryParseName!, ExpectedName),
            Certificate = PemFiles.Certificate(section, "certificate", "key"),
        };
        section.RejectUnknownKeys();
        if (!bound.Backends.Any(b => b.Address.Tls) && !bound.Sources.Any(s => s.Tls))
        {
            return options;
        }

        if (!options.Verify)
        {
            section.Errors.Warn(OriginOf(pool, "verify"), section.PathOf("verify"),
                "is false: whoever answers at the address of an https backend is taken for it; better name its "
                + $"authority with {section.PathOf("ca")}");
            return options;
        }

        // A ca that is named and wrong has been reported.
        return section.Node("ca") is null or { Kind: ConfigKind.Scalar, Text: null }
            ? options with { System = SystemAuthorities(pool, section) }
            : options;
    }

    private static AuthoritySet? SystemAuthorities(ConfigSection pool, ConfigSection section)
    {
        var found = section.Errors.SystemAuthorities.Read();
        section.Errors.Files.AddRange(
            found.Files.Select(f => new ReadFile(f, found.Authorities?.Digest ?? "")));
        if (found.Problem is { } problem)
        {
            section.Errors.Add(OriginOf(pool, "ca"), section.PathOf("ca"), problem);
        }

        return found.Authorities;
    }

    private static ConfigOrigin OriginOf(ConfigSection pool, string key)
    {
        var tls = pool.Node("tls");
        return (tls?.Find(key)?.Value ?? tls ?? pool.Node("backends"))?.Origin ?? ConfigOrigin.Default;
    }

    private static bool TryParseName(string text, out string name)
    {
        name = text;
        return text.Length <= 253 && Uri.CheckHostName(text) is UriHostNameType.Dns or UriHostNameType.IPv4
            or UriHostNameType.IPv6 && !text.StartsWith('[') && !text.AsSpan().ContainsAnyExceptInRange('!', '~');
    }
}
