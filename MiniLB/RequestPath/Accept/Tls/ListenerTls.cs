using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MiniLB.Config.Options;

namespace MiniLB.RequestPath.Accept.Tls;

/// <summary>What every handshake of a listener goes by, worked out once for its options.</summary>
internal sealed class ListenerTls
{
    // id-kp-clientAuth, RFC 5280 section 4.2.1.12.
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private static readonly List<SslApplicationProtocol> Both =
        [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11];

    private static readonly List<SslApplicationProtocol> OnlyHttp1 = [SslApplicationProtocol.Http11];

    private readonly ListenerTlsOptions _tls;
    private readonly bool _http2;

    private readonly SslStreamCertificateContext[] _contexts;

    // By certificate; null where clients are asked for theirs, because a chain policy is good for one handshake.
    private readonly SslServerAuthenticationOptions[]? _prepared;

    /// <param name="tls">What the operator wrote.</param>
    /// <param name="http2">Whether HTTP/2 is offered.</param>
    public static Task<ListenerTls> MakeAsync(ListenerTlsOptions tls, bool http2) =>
        // What may use the network looks for a missing issuer there, and waits for it.
        tls.Certificates.All.Any(c => c.NamesOcsp)
            ? Task.Run(() => new ListenerTls(tls, http2))
            : Task.FromResult(new ListenerTls(tls, http2));

    private ListenerTls(ListenerTlsOptions tls, bool http2)
    {
        (_http2, _tls) = (http2, tls);
        var trust = tls.ClientCa is { } ca
            ? SslCertificateTrust.CreateForX509Collection(ca.Certificates, sendTrustInHandshake: true)
            : null;
        _contexts =
        [
            // The runtime fetches OCSP answers, and renews them, for what may use the network.
            .. tls.Certificates.All.Select(
                c => SslStreamCertificateContext.Create(c.Leaf, c.Chain, offline: !c.NamesOcsp, trust)),
        ];
        _prepared = tls.ClientCertificates == ClientCertificates.None
            ? Array.ConvertAll(_contexts, c => Options(c, new ClientVerdict()))
            : null;
        Choose = (_, hello, verdict, _) =>
            new ValueTask<SslServerAuthenticationOptions>(Find(hello.ServerName, (ClientVerdict)verdict!));
    }

    /// <summary>Chooses by the name that a client asks for; its state is a <see cref="ClientVerdict"/>.</summary>
    public ServerOptionsSelectionCallback Choose { get; }

    private SslServerAuthenticationOptions Find(string? name, ClientVerdict verdict)
    {
        var position = _tls.Certificates.Find(name);
        return _prepared is null ? Options(_contexts[position], verdict) : _prepared[position];
    }

    private SslServerAuthenticationOptions Options(
        SslStreamCertificateContext certificate, ClientVerdict verdict) => new()
    {
        ServerCertificateContext = certificate,
        ApplicationProtocols = _http2 ? Both : OnlyHttp1,
        EnabledSslProtocols = _tls.Protocols,
        AllowRenegotiation = false,
        ClientCertificateRequired = _tls.ClientCertificates != ClientCertificates.None,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        CertificateChainPolicy = _tls.ClientCa is { } ca ? ChainPolicy(ca) : null,
        // A session that is resumed has the client's certificate and not those between it and its authority, so that
        // it could not be verified again.
        AllowTlsResume = _tls.ClientCertificates == ClientCertificates.None,
        RemoteCertificateValidationCallback = (_, shown, chain, errors) => verdict.Accepts(
            shown, chain, errors, _tls.ClientCertificates == ClientCertificates.Required),
    };

    private static X509ChainPolicy ChainPolicy(AuthoritySet ca)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            // What a client sends must not make us fetch anything.
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(ca.Certificates);
        policy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        return policy;
    }
}
