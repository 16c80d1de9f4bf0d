using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MiniLB.Tests.Certificates;

/// <summary>An authority that a test makes, and the certificates that it gives.</summary>
internal sealed class TestAuthority : IDisposable
{
    public const string ServerUse = "1.3.6.1.5.5.7.3.1";
    public const string ClientUse = "1.3.6.1.5.5.7.3.2";

    private static int _serial;

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public TestAuthority(string name = "test authority")
    {
        var request = new CertificateRequest($"CN={name}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        // It signs its OCSP answers itself.
        request.CertificateExtensions.Add(new X509KeyUsageExtension(
            X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign | X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        Certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(1));
    }

    public X509Certificate2 Certificate { get; }

    public string Key => _key.ExportPkcs8PrivateKeyPem() + "\n";

    public string Pem => Certificate.ExportCertificatePem() + "\n";

    /// <summary>A certificate with an ECDSA key.</summary>
    /// <param name="subject">Such as CN=site.</param>
    /// <param name="names">Host names and addresses.</param>
    /// <param name="days">How long it is good from now on; less than 0: it has expired.</param>
    /// <param name="use">What it is good for.</param>
    /// <param name="ocsp">Who tells whether it is still good.</param>
    public TestCertificate Issue(
        string subject, string[] names, double days = 90, string use = ServerUse, Uri? ocsp = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        if (ocsp is not null)
        {
            request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension([ocsp.ToString()], null));
        }

        return Sign(request, names, days, use, key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>A certificate with an RSA key.</summary>
    public TestCertificate IssueRsa(string subject, params string[] names)
    {
        using var key = RSA.Create(2048);
        return Sign(
            new CertificateRequest(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), names, 90,
            ServerUse, key.ExportRSAPrivateKeyPem());
    }

    public void Dispose()
    {
        Certificate.Dispose();
        _key.Dispose();
    }

    private TestCertificate Sign(CertificateRequest request, string[] names, double days, string use, string keyPem)
    {
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var address))
            {
                alternatives.AddIpAddress(address);
            }
            else
            {
                alternatives.AddDnsName(name);
            }
        }

        if (names.Length > 0)
        {
            request.CertificateExtensions.Add(alternatives.Build());
        }

        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], false));
        // Written alike by everybody: no zeros in front, and not to be taken for a negative number.
        var serial = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(serial, 0x1000_0000 + Interlocked.Increment(ref _serial));
        var end = DateTimeOffset.UtcNow.AddDays(days);
        using var signed = request.Create(
            Certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(_key), end.AddDays(-180) < Certificate.NotBefore
                ? Certificate.NotBefore
                : end.AddDays(-180), end, serial);
        return new TestCertificate(signed.ExportCertificatePem() + "\n", keyPem + "\n");
    }
}

/// <summary>A certificate and its key, in PEM.</summary>
internal sealed record TestCertificate(string Pem, string Key)
{
    /// <summary>As a client shows it.</summary>
    public X509Certificate2 WithKey() => X509Certificate2.CreateFromPem(Pem, Key);
}
