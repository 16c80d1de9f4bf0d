using MiniLB.Config.Options;
using MiniLB.Transport.OpenSsl;

namespace MiniLB.RequestPath.Accept.Tls;

/// <summary>The contexts of OpenSSL for a listener's certificates, made once for its options.</summary>
internal sealed class ListenerContexts : ISslContextChoice
{
    private readonly CertificateTable _certificates;
    private readonly SslContext[] _contexts;

    /// <param name="tls">What the operator wrote.</param>
    /// <param name="http2">Whether HTTP/2 is offered.</param>
    /// <exception cref="System.Security.Cryptography.CryptographicException">OpenSSL does not take a certificate or its
    /// key.</exception>
    public ListenerContexts(ListenerTlsOptions tls, bool http2)
    {
        _certificates = tls.Certificates;
        _contexts =
        [
            .. tls.Certificates.All.Select(c => new SslContext(c.Leaf, c.Chain, tls.Protocols, http2, this)),
        ];
    }

    /// <summary>False where .NET has to serve: it verifies clients, and fetches OCSP answers.</summary>
    public static bool Suffice(ListenerTlsOptions tls) => OpenSslMethods.AreThere
        && tls.ClientCertificates == ClientCertificates.None && !tls.Certificates.All.Any(c => c.NamesOcsp);

    public SslContext ContextFor(string name) => _contexts[_certificates.Find(name)];
}
