namespace MiniLB.Config.Options;

/// <summary>One address on which clients are served.</summary>
internal sealed record ListenerOptions
{
    public required ListenAddress Address { get; init; }

    /// <summary>Whether HTTP/2 is served beside HTTP/1.1: by ALPN over TLS, else with prior knowledge.</summary>
    public bool Http2 { get; init; } = true;

    /// <summary>Whether each connection must begin with a PROXY header, from one of the trusted proxies; off as in
    /// HAProxy and nginx, since only the operator knows what is in front.</summary>
    public bool ProxyProtocol { get; init; }

    /// <summary>The port of https to send everybody to who comes without TLS; 0 for none.</summary>
    public int RedirectToHttps { get; init; }

    /// <summary>Null where clients speak to it without TLS.</summary>
    public ListenerTlsOptions? Tls { get; init; }
}
