using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using MiniLB.Config;
using MiniLB.Config.Options;

namespace MiniLB.Cli;

/// <summary>By what a running instance is known over TLS: the certificates of its configuration, or who vouches for
/// the one that it shows.</summary>
/// <param name="Own">Those of admin.tls.</param>
/// <param name="Authorities">Those of --ca; null where there are none.</param>
internal sealed record AdminTrust(IReadOnlyList<KeyedCertificate> Own, AuthoritySet? Authorities)
{
    /// <summary>What it is shown; null for nothing.</summary>
    public KeyedCertificate? Shown { get; init; }

    /// <returns>Null where the instance is spoken to without TLS.</returns>
    public static AdminTrust? Of(AdminOptions admin) =>
        admin.Tls is { } tls ? new AdminTrust(tls.Certificates.All, Authorities: null) : null;

    public SslClientAuthenticationOptions Options(ListenAddress? address)
    {
        var name = address is null ? null : HostOf(address);
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = name,
            ClientCertificates = Shown is null ? null : [Shown.Leaf],
            RemoteCertificateValidationCallback = (_, shown, chain, errors) =>
                errors == SslPolicyErrors.None || IsOwn(shown) ? true : throw Refused(shown, chain, errors, name),
        };
        if (Authorities is not null)
        {
            options.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(Authorities.Certificates);
        }

        return options;
    }

    private bool IsOwn(X509Certificate? shown) => Own.Any(
        c => shown is not null && c.Leaf.RawDataMemory.Span.SequenceEqual(shown.GetRawCertData()));

    private static AuthenticationException Refused(
        X509Certificate? shown, X509Chain? chain, SslPolicyErrors errors, string? name)
    {
        var reasons = errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors) && chain is not null
            ? string.Join(", ", chain.ChainStatus.Select(s => s.Status).Distinct())
            : $"it is not for {name ?? "that host"}";
        return new AuthenticationException($"its certificate '{shown?.Subject}' is not taken: {reasons}; expected that "
            + "of the configuration, or one that --ca vouches for");
    }

    private static string HostOf(ListenAddress address) =>
        address is { AnyAddress: false, EndPoint: IPEndPoint ip } && !IPAddress.IsLoopback(ip.Address)
            ? ip.Address.ToString()
            : "localhost";
}
