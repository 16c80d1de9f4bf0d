using MiniLB.Config.Options;
using MiniLB.Tests.Certificates;

namespace MiniLB.Tests.Config.Options;

public sealed class CertificateTableTests : IDisposable
{
    private readonly TestAuthority _authority = new();

    public void Dispose() => _authority.Dispose();

    [Theory]
    [InlineData(null, 0)]
    [InlineData("", 0)]
    [InlineData("unknown.test", 0)]
    [InlineData("site.test", 0)]
    [InlineData("www.site.test", 1)]
    [InlineData("WWW.Site.TEST", 1)]
    [InlineData("a.wild.test", 2)]
    [InlineData("A.WILD.test", 2)]
    [InlineData("wild.test", 0)] // a wildcard stands for one label
    [InlineData("a.b.wild.test", 0)]
    [InlineData("*.wild.test", 2)]
    [InlineData(".wild.test", 0)]
    [InlineData("own.wild.test", 3)] // the exact name goes before the wildcard
    [InlineData("10.0.0.1", 3)]
    [InlineData("cn.test", 0)] // the common name counts only where there is no other (RFC 6125 section 6.4.4)
    [InlineData("only.cn.test", 4)]
    public void Name_FindsTheCertificateThatIsForIt(string? name, int position)
    {
        var table = new CertificateTable(
        [
            Made("CN=first", "site.test"),
            Made("CN=cn.test", "www.site.test", "site.test"), // the first of two for one name counts
            Made("CN=wild", "*.wild.test"),
            Made("CN=own", "own.wild.test", "10.0.0.1"),
            Made("CN=only.cn.test"),
        ]);

        Assert.Equal(position, table.Find(name));
    }

    [Fact]
    public void Tables_AreEqual_WhereTheFilesHadTheSameContent()
    {
        var (first, second) = (Made("CN=a", "a.test"), Made("CN=b", "b.test"));
        var again = new KeyedCertificate(first.Path, first.Leaf, [], first.Digest);

        Assert.Equal(new CertificateTable([first, second]), new CertificateTable([again, second]));
        Assert.NotEqual(new CertificateTable([first, second]), new CertificateTable([second, first]));
        Assert.NotEqual(new CertificateTable([first]), new CertificateTable([first, second]));
    }

    private KeyedCertificate Made(string subject, params string[] names) =>
        new($"{subject}.pem", _authority.Issue(subject, names).WithKey(), [], subject);
}
