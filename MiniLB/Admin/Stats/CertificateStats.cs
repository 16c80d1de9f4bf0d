using MiniLB.Config.Options;

namespace MiniLB.Admin.Stats;

/// <summary>A certificate and until when it is good.</summary>
internal sealed record CertificateStats(string File, IReadOnlyList<string> Names, DateTimeOffset NotAfter)
{
    public static CertificateStats Of(KeyedCertificate certificate) =>
        new(certificate.Path, certificate.Names, certificate.NotAfter);
}
