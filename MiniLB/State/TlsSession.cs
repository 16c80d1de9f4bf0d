namespace MiniLB.State;

/// <summary>What the TLS of a client connection came to.</summary>
/// <param name="Protocol">TLSv1.2 or TLSv1.3.</param>
/// <param name="ServerName">The name that the client asked for; null where it asked for none.</param>
/// <param name="Client">Who the client has shown to be; null where it showed nothing.</param>
internal sealed record TlsSession(string Protocol, string? ServerName, ClientCertificate? Client);

/// <summary>A client's certificate, verified.</summary>
/// <param name="Subject">Its distinguished name (RFC 4514), in ASCII.</param>
/// <param name="Fingerprint">SHA-256 of its DER encoding, in small hexadecimal digits.</param>
internal sealed record ClientCertificate(string Subject, string Fingerprint);
