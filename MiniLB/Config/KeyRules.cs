using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MiniLB.Config;

/// <summary>Tells which keys TLS can be spoken with here: what is weaker, or other, fails in every handshake.</summary>
internal static class KeyRules
{
    private const int LeastRsa = 2048;
    private const string Expected = "expected RSA with 2048 bits or more, or ECDSA on P-256, P-384 or P-521";

    // Those that OpenSslDefaults names, by their object identifiers (RFC 5480 section 2.1.1.1).
    private static readonly string[] Curves = ["1.2.840.10045.3.1.7", "1.3.132.0.34", "1.3.132.0.35"];

    /// <returns>Null for a key that will do.</returns>
    public static string? ProblemOf(X509Certificate2 certificate)
    {
        using var rsa = certificate.GetRSAPublicKey();
        using var ecdsa = certificate.GetECDsaPublicKey();
        return (rsa, ecdsa) switch
        {
            ({ KeySize: < LeastRsa and var bits }, _) => $"has an RSA key of {bits} bits; {Expected}",
            (_, not null) when !Curves.Contains(CurveOf(ecdsa)) => $"has a key on another curve; {Expected}",
            (null, null) => $"has a key of another kind; {Expected}",
            _ => null,
        };
    }

    private static string? CurveOf(ECDsa key) => key.ExportParameters(includePrivateParameters: false).Curve.Oid?.Value;
}
