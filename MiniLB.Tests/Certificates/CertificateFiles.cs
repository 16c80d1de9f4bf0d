using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Certificates;

/// <summary>A certificate and its key as files, and a configuration that names them.</summary>
internal sealed class CertificateFiles : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly TemporaryFolder _folder = new();
    private TestCertificate _certificate;

    public CertificateFiles()
    {
        _certificate = _authority.Issue("CN=site", ["site.test"]);
        Mend();
    }

    public string Configuration => $$"""
        {
          "listeners": [{ "address": ":8443", "tls": { "certificates": [
            { "certificate": "{{_folder.File("site.pem")}}", "key": "{{_folder.File("site.key")}}" }] } }],
          "pools": { "web": { "backends": ["http://127.0.0.1:1"] } }
        }
        """;

    public void Break() => _folder.Write("site.key", "not a key");

    public void Mend()
    {
        _folder.Write("site.pem", _certificate.Pem);
        _folder.Write("site.key", _certificate.Key);
    }

    public void Renew()
    {
        _certificate = _authority.Issue("CN=renewed", ["site.test"]);
        Mend();
    }

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }
}
