using System.Security.Authentication;

namespace MiniLB.Config.Options;

/// <summary>How a listener speaks TLS.</summary>
internal sealed record ListenerTlsOptions
{
    /// <summary>At least one.</summary>
    public required CertificateTable Certificates { get; init; }

    /// <summary>TLS 1.2 and 1.3 by default (RFC 9325 section 3.1.1 forbids what came before).</summary>
    public SslProtocols Protocols { get; init; } = SslProtocols.Tls12 | SslProtocols.Tls13;

    /// <summary>From the accept to the end of the handshake; Kestrel's default. Never without.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    public ClientCertificates ClientCertificates { get; init; } = ClientCertificates.None;

    /// <summary>Who vouches for clients; null where they are asked for no certificate.</summary>
    public AuthoritySet? ClientCa { get; init; }

    /// <summary>The value of Strict-Transport-Security in each answer (RFC 6797); null for none.</summary>
    public string? Hsts { get; init; }
}

/// <summary>Whether clients have to show a certificate.</summary>
internal enum ClientCertificates
{
    None,

    /// <summary>Whoever shows one is known by it; one that is not good ends the handshake all the same.</summary>
    Optional,
    Required,
}
