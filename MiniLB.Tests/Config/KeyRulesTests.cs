using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MiniLB.Config;

namespace MiniLB.Tests.Config;

public sealed class KeyRulesTests
{
    [Theory]
    [InlineData(1024, "has an RSA key of 1024 bits; ")]
    [InlineData(2048, null)]
    [InlineData(3072, null)]
    public void RsaKey_HasAtLeast2048Bits(int bits, string? problem)
    {
        using var key = RSA.Create(bits);
        Holds(new CertificateRequest("CN=a", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), problem);
    }

    [Theory]
    [InlineData("nistP256", null)]
    [InlineData("nistP384", null)]
    [InlineData("nistP521", null)]
    [InlineData("secp256k1", "has a key on another curve; ")]
    [InlineData("brainpoolP256r1", "has a key on another curve; ")]
    public void EcdsaKey_IsOnACurveOfTls(string curve, string? problem)
    {
        using var key = ECDsa.Create(ECCurve.CreateFromFriendlyName(curve));
        Holds(new CertificateRequest("CN=a", key, HashAlgorithmName.SHA256), problem);
    }

    private static void Holds(CertificateRequest request, string? problem)
    {
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));
        var found = KeyRules.ProblemOf(certificate);

        Assert.Equal(problem is null, found is null);
        Assert.StartsWith(problem ?? "", found ?? "", StringComparison.Ordinal);
    }
}
