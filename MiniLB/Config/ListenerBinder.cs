using System.Security.Authentication;
using MiniLB.Config.Options;

namespace MiniLB.Config;

/// <summary>Gives the keys of listeners their meaning.</summary>
internal static class ListenerBinder
{
    /// <param name="section">The whole configuration.</param>
    /// <param name="trustsProxies">Whether there are trusted proxies.</param>
    public static IReadOnlyList<ListenerOptions> Bind(ConfigSection section, bool trustsProxies)
    {
        var listeners = section.List(
            "listeners", (node, path) => Listener(node, path, section.Errors, trustsProxies), OneListener());
        if (section.Node("listeners") is { Kind: ConfigKind.List, Items.Count: 0 } empty)
        {
            section.Errors.Add(empty.Origin, "listeners", "has no listener");
        }

        return listeners;
    }

    /// <summary>The TLS of a listener, or of the admin address.</summary>
    /// <returns>Null where there is none, or where something is wrong with it, which has been said then.</returns>
    public static ListenerTlsOptions? Tls(ConfigSection parent)
    {
        if (parent.Node("tls") is null or { Kind: ConfigKind.Scalar, Text: null })
        {
            parent.Errors.Trace.Value(
                parent.Path, "tls", null, parent.Node("tls")?.Origin ?? ConfigOrigin.Default);
            return null;
        }

        var section = parent.Section("tls");
        var certificates = section.List("certificates", (node, path) => Certificate(node, path, section.Errors));
        var mode = section.Word("clientCertificates", ClientCertificates.None, ("none", ClientCertificates.None),
            ("optional", ClientCertificates.Optional), ("required", ClientCertificates.Required));
        var options = new ListenerTlsOptions
        {
            Certificates = new CertificateTable(certificates),
            Protocols = section.Word("minVersion", SslProtocols.Tls12 | SslProtocols.Tls13,
                ("1.2", SslProtocols.Tls12 | SslProtocols.Tls13), ("1.3", SslProtocols.Tls13)),
            HandshakeTimeout = section.PositiveDuration("handshakeTimeout", TimeSpan.FromSeconds(10)),
            ClientCertificates = mode,
            ClientCa = PemFiles.Authorities(section, "clientCa"),
            Hsts = HstsBinder.Bind(section),
        };
        section.RejectUnknownKeys();
        Check(section, options);
        return certificates.Count == 0 ? null : options;
    }

    private static void Check(ConfigSection section, ListenerTlsOptions options)
    {
        if (section.Node("certificates") is null
            or { Items.Count: 0, Kind: ConfigKind.List } or { Text: null, Kind: ConfigKind.Scalar })
        {
            section.Errors.Add(section.Node("certificates")?.Origin ?? ConfigOrigin.Default,
                section.PathOf("certificates"),
                "has no certificate; expected a list such as [{ certificate: site.pem, key: site.key }]");
        }

        var (mode, ca) = (section.Node("clientCertificates"), section.Node("clientCa"));
        if (options.ClientCertificates != ClientCertificates.None && ca is null or { Text: null })
        {
            section.Errors.Add(mode!.Origin, section.PathOf("clientCertificates"),
                "needs clientCa, the PEM file of the authority that vouches for clients");
        }
        else if (options.ClientCertificates == ClientCertificates.None && ca is { Text: not null })
        {
            section.Errors.Add(ca.Origin, section.PathOf("clientCa"),
                "nobody is asked for a certificate; expected with it clientCertificates: optional or required");
        }
    }

    private static KeyedCertificate? Certificate(ConfigNode node, string path, ConfigErrors errors)
    {
        var section = new ConfigSection(node, path, errors);
        var certificate = PemFiles.Certificate(section, "certificate", "key");
        if (section.Node("certificate") is null && section.Node("key") is null)
        {
            errors.Add(node.Origin, path + ".certificate", "is missing; expected the path of a PEM file");
        }

        section.RejectUnknownKeys();
        return certificate;
    }

    private static ListenerOptions? Listener(ConfigNode node, string path, ConfigErrors errors, bool trustsProxies)
    {
        var listener = new ConfigSection(node, path, errors);
        var address = listener.Value<ListenAddress>("address", null!, ListenAddress.TryParse, ListenAddress.Expected);
        if (address is null && listener.Node("address") is null)
        {
            errors.Add(node.Origin, path + ".address", $"is missing; expected {ListenAddress.Expected}");
        }

        var http2 = listener.Flag("http2", true);
        var proxy = listener.Word("proxyProtocol", false, ("off", false), ("required", true));
        if (proxy && !trustsProxies && address is { IsUnix: false })
        {
            errors.Add(listener.Node("proxyProtocol")!.Origin, path + ".proxyProtocol",
                "is required, but trustedProxies is empty, so that every connection would be closed; expected the "
                + "addresses of the proxies in trustedProxies");
        }

        var redirect = listener.Count("redirectToHttps", 0, most: 65535);
        var tls = Tls(listener);
        if (redirect > 0 && listener.Node("tls") is { Kind: ConfigKind.Map })
        {
            errors.Add(listener.Node("redirectToHttps")!.Origin, listener.PathOf("redirectToHttps"),
                "the listener has tls, so that there is nothing to redirect; expected on one without");
        }

        listener.RejectUnknownKeys();
        return address is null
            ? null
            : new ListenerOptions
            {
                Address = address,
                Http2 = http2,
                ProxyProtocol = proxy,
                RedirectToHttps = redirect,
                Tls = tls,
            };
    }

    // Where no listener is written.
    private static ConfigNode OneListener()
    {
        var listeners = ConfigNode.List(ConfigOrigin.Default);
        var address = ConfigNode.Scalar(ListenAddress.Default.Text, ConfigOrigin.Default);
        listeners.Set(["0", "address"], address, anyCase: false);
        return listeners;
    }
}
