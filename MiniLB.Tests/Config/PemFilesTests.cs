using MiniLB.Config;
using MiniLB.Config.Options;
using MiniLB.Tests.Certificates;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Config;

public sealed class PemFilesTests : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly TemporaryFolder _folder = new();
    private readonly TestCertificate _site;

    public PemFilesTests() => _site = _authority.Issue("CN=site", ["site.test"]);

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Certificate_IsReadWithKeyChainAndNames()
    {
        var (certificate, errors) = Read(_site.Pem + _authority.Pem, _site.Key);

        Assert.Empty(errors.Errors);
        Assert.True(certificate!.Leaf.HasPrivateKey);
        Assert.Equal(["site.test"], certificate.Names);
        Assert.Equal(_authority.Certificate.Thumbprint, Assert.Single(certificate.Chain).Thumbprint);
        Assert.Equal(2, errors.Files.Count);
        Assert.All(errors.Files, f => Assert.Equal(64, f.Digest.Length));
    }

    [Fact]
    public void RsaKey_InItsOldForm_IsRead()
    {
        var rsa = _authority.IssueRsa("CN=rsa", "rsa.test");

        Assert.True(Read(rsa.Pem, rsa.Key).Certificate!.Leaf.HasPrivateKey);
    }

    [Fact]
    public void KeyOfAnotherCertificate_IsAnError() => Assert.EndsWith(
        "is not the private key of the first certificate in "
        + $"'{_folder.File("c.pem")}'; expected its RSA or ECDSA key, and the certificate itself before those of its "
        + "authorities",
        Error(_site.Pem, _authority.Issue("CN=other", []).Key), StringComparison.Ordinal);

    [Fact]
    public void ChainInTheWrongOrder_IsAnError() => Assert.Contains(
        "is not the private key of the first certificate", Error(_authority.Pem + _site.Pem, _site.Key),
        StringComparison.Ordinal);

    [Fact]
    public void EncryptedKey_IsAnErrorThatSaysHowToDecryptIt() => Assert.Contains(
        "is encrypted; expected a key without a passphrase, such as `openssl pkey -in FILE` writes",
        Error(_site.Pem, "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n"),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("", "has no certificate; expected a PEM file with BEGIN CERTIFICATE")]
    [InlineData("nonsense", "has no certificate; expected a PEM file with BEGIN CERTIFICATE")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        "has a certificate that cannot be read: ")]
    public void FileWithoutCertificate_IsAnError(string pem, string problem) =>
        Assert.Contains($"'{_folder.File("c.pem")}' {problem}", Error(pem, _site.Key), StringComparison.Ordinal);

    [Fact]
    public void FileWithoutKey_IsAnErrorThatTellsNothingOfIt()
    {
        var error = Error(_site.Pem, "the secret itself");

        Assert.Contains(
            $"'{_folder.File("c.key")}' has no private key; expected a PEM file with BEGIN PRIVATE KEY", error,
            StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error, StringComparison.Ordinal);
    }

    [Fact]
    public void FileThatIsNotThere_IsAnError_AndIsLookedAtAgain()
    {
        var errors = new ConfigErrors();

        Assert.Null(Bind("c.pem", "c.key", errors));
        Assert.Equal(2, errors.Errors.Count);
        Assert.All(errors.Errors, e => Assert.Contains("' cannot be read: ", e, StringComparison.Ordinal));
        Assert.Equal([new(_folder.File("c.pem"), ""), new(_folder.File("c.key"), "")], errors.Files);
    }

    [Fact]
    public void FileThatIsTooLarge_IsNotRead() => Assert.Contains(
        "has 1048577 bytes; expected a PEM file of at most 1048576", Error(new string(' ', 1024 * 1024 + 1), _site.Key),
        StringComparison.Ordinal);

    [Fact]
    public void Folder_IsAnError()
    {
        Directory.CreateDirectory(_folder.File("c.pem"));
        var errors = new ConfigErrors();

        Assert.Null(Bind("c.pem", "c.key", errors));
        Assert.Contains("' cannot be read: ", errors.Errors[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Authorities_AreAllOfTheFile()
    {
        using var other = new TestAuthority("other");
        _folder.Write("ca.pem", _authority.Pem + other.Pem);
        var map = ConfigNode.Map(ConfigOrigin.Default);
        map.Set(["ca"], ConfigNode.Scalar(_folder.File("ca.pem"), ConfigOrigin.Default), anyCase: false);

        Assert.Equal(2, PemFiles.Authorities(new ConfigSection(map, "", new ConfigErrors()), "ca")!.Certificates.Count);
    }

    private string Error(string pem, string key) => Assert.Single(Read(pem, key).Errors.Errors);

    private (KeyedCertificate? Certificate, ConfigErrors Errors) Read(string pem, string key)
    {
        _folder.Write("c.pem", pem);
        _folder.Write("c.key", key);
        var errors = new ConfigErrors();
        return (Bind("c.pem", "c.key", errors), errors);
    }

    private KeyedCertificate? Bind(string certificate, string key, ConfigErrors errors)
    {
        var map = ConfigNode.Map(ConfigOrigin.Default);
        map.Set(["certificate"], ConfigNode.Scalar(_folder.File(certificate), ConfigOrigin.Default), anyCase: false);
        map.Set(["key"], ConfigNode.Scalar(_folder.File(key), ConfigOrigin.Default), anyCase: false);
        return PemFiles.Certificate(new ConfigSection(map, "", errors), "certificate", "key");
    }
}
