using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MiniLB.Config.Options;

namespace MiniLB.Transport;

/// <summary>What is worked out of TLS options once, for all connections that are made by them.</summary>
internal sealed class TlsMaterial
{
    // id-kp-serverAuth, RFC 5280 section 4.2.1.12.
    private static readonly Oid ForServers = new("1.3.6.1.5.5.7.3.1");

    private static readonly ConditionalWeakTable<BackendTlsOptions, TlsMaterial> All = [];

    private TlsMaterial(BackendTlsOptions options)
    {
        Policy = PolicyOf(options);
        // Offline: nothing is fetched to complete the chain. What the files hold is what backends are shown.
        Certificate = options.Certificate is { } mine
            ? SslStreamCertificateContext.Create(mine.Leaf, mine.Chain, offline: true)
            : null;
    }

    /// <summary>How a backend's certificate is verified.</summary>
    public X509ChainPolicy Policy { get; }

    public SslStreamCertificateContext? Certificate { get; }

    public static TlsMaterial Of(BackendTlsOptions options) => All.GetValue(options, static o => new TlsMaterial(o));

    // A request must never wait for a download, nor tell others by one whom it is for.
    private static X509ChainPolicy PolicyOf(BackendTlsOptions options)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.ApplicationPolicy.Add(ForServers);
        if (options.Authorities is { } authorities)
        {
            policy.CustomTrustStore.AddRange(authorities.Certificates);
        }

        return policy;
    }
}
