using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MiniLB.Tests.Journeys.Harness;

/// <summary>An authority of the test's own, and what it has issued, as PEM files.</summary>
internal sealed class TestCertificates : IDisposable
{
    private static readonly Oid ForServers = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid ForClients = new("1.3.6.1.5.5.7.3.2");

    private readonly TemporaryFolder _folder = new();
    private readonly X509Certificate2 _authority;
    private int _issued;

    public TestCertificates(string name = "MiniLB test authority")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-30), DateTimeOffset.UtcNow.AddDays(30));
        Ca = _folder.Write("ca.pem", _authority.ExportCertificatePem());
    }

    /// <summary>The authority's own certificate: a file.</summary>
    public string Ca { get; }

    /// <summary>For a server of these names or addresses.</summary>
    public (string Certificate, string Key) Server(params string[] names) => Issue(names, ForServers, -10, 10);

    /// <summary>For a server, and its time is over.</summary>
    public (string Certificate, string Key) Expired(params string[] names) => Issue(names, ForServers, -10, -1);

    public (string Certificate, string Key) Client(string name) => Issue([name], ForClients, -10, 10);

    public static X509Certificate2 Load((string Certificate, string Key) files) =>
        X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);

    public static X509Certificate2 LoadPublic(string file) => X509Certificate2.CreateFromPem(File.ReadAllText(file));

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    private (string Certificate, string Key) Issue(string[] names, Oid purpose, int fromDay, int untilDay)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={names[0]}", key, HashAlgorithmName.SHA256);
        var alternative = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var address))
            {
                alternative.AddIpAddress(address);
            }
            else
            {
                alternative.AddDnsName(name);
            }
        }

        request.CertificateExtensions.Add(alternative.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([purpose], false));
        var now = DateTimeOffset.UtcNow;
        using var certificate = request.Create(
            _authority, now.AddDays(fromDay), now.AddDays(untilDay), RandomNumberGenerator.GetBytes(8));
        var number = Interlocked.Increment(ref _issued);
        return (_folder.Write($"{number}.pem", certificate.ExportCertificatePem()),
            _folder.Write($"{number}.key", key.ExportPkcs8PrivateKeyPem()));
    }
}
