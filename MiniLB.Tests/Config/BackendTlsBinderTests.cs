using System.Text;
using MiniLB.Config;
using MiniLB.Config.Options;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Config;

public sealed class BackendTlsBinderTests : IDisposable
{
    private readonly TestCertificates _ours = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _ours.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Defaults_VerifyByTheSystem()
    {
        var (options, errors) = Bind("{}", file: _ours.Ca);

        Assert.Empty(errors.Errors);
        Assert.True(options.Verify);
        Assert.Null(options.Ca ?? (object?)options.ServerName ?? options.Certificate);
        Assert.Equal(_ours.Ca, options.Authorities!.Path);
        Assert.Equal([_ours.Ca], errors.Files.Select(f => f.Path));
    }

    [Fact]
    public void AllKeys_AreRead_AndTheSystemIsNotAsked()
    {
        var (certificate, key) = _ours.Client("minilb");

        var (options, errors) = Bind($$"""
            { "ca": "{{_ours.Ca}}", "serverName": "a.test", "certificate": "{{certificate}}", "key": "{{key}}" }
            """);

        Assert.Empty(errors.Errors);
        Assert.Equal((_ours.Ca, "a.test"), (options.Ca!.Path, options.ServerName));
        Assert.Equal(certificate, options.Certificate!.Path);
        Assert.True(options.Certificate.Leaf.HasPrivateKey);
        Assert.Null(options.System);
        Assert.Equal([_ours.Ca, certificate, key], errors.Files.Select(f => f.Path));
    }

    [Theory]
    [InlineData("http://10.0.0.1:8080", "{}")]
    [InlineData("https://10.0.0.1:8443", """{ "verify": false }""")]
    public void System_IsNotAskedWhereNobodyNeedsIt(string url, string tls)
    {
        var (options, errors) = Bind(tls, url: url);

        Assert.Empty(errors.Errors);
        Assert.Null(options.Authorities);
    }

    [Fact]
    public void System_WithoutAuthorities_IsAnErrorAtTheBackends()
    {
        var (_, errors) = Bind(null);

        Assert.StartsWith(
            "minilb.json:1:29 pools.web.tls.ca: the certificate of an https backend cannot be verified: ",
            Assert.Single(errors.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void VerifyFalse_IsWarnedOfWhereItStands()
    {
        var (_, errors) = Bind("""{ "verify": false }""");

        Assert.Contains(
            "pools.web.tls.verify: is false: whoever answers at the address of an https backend is taken for it",
            Assert.Single(errors.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void SameContent_IsTheSameOptions_AndAnotherCertificateIsNot()
    {
        var (certificate, key) = _ours.Client("minilb");
        var text = $$"""{ "ca": "{{_ours.Ca}}", "certificate": "{{certificate}}", "key": "{{key}}" }""";
        var (a, b) = (Bind(text).Options, Bind(text).Options);
        var (other, otherKey) = _ours.Client("minilb");
        File.Copy(other, certificate, overwrite: true);
        File.Copy(otherKey, key, overwrite: true);

        Assert.Equal(a, b);
        Assert.NotEqual(a, Bind(text).Options);
    }

    [Theory]
    [InlineData("""{ "serverName": "a b" }""", "'a b' is not a host name such as api.example.com, or an IP address")]
    [InlineData("""{ "serverName": "https://a" }""", "'https://a' is not a host name")]
    [InlineData("""{ "ca": "/no/such/file" }""", "'/no/such/file' cannot be read: ")]
    [InlineData("""{ "certificate": "/no/such/file" }""", "goes together with key, which is missing")]
    [InlineData("""{ "verfy": true }""", "unknown key; did you mean 'verify'?")]
    [InlineData("""{ "verify": "maybe" }""", "'maybe' is not true or false")]
    public void WrongValue_IsAnErrorThatSaysSo(string tls, string error) =>
        Assert.Contains(Bind(tls, file: _ours.Ca).Errors.Errors, e => e.Contains(error, StringComparison.Ordinal));

    [Fact]
    public void Ca_WithoutARoot_IsAnErrorThatNamesWhatIsMissing()
    {
        var (certificate, _) = _ours.Server("a.test");

        Assert.Contains(
            $"'{certificate}' has no root: its certificates are issued by 'CN=MiniLB test authority', which is not",
            Assert.Single(Bind($$"""{ "ca": "{{certificate}}" }""").Errors.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void KeyOfAnotherCertificate_IsAnErrorThatDoesNotShowIt()
    {
        var (certificate, _) = _ours.Client("one");
        var (_, key) = _ours.Client("two");

        var error = Assert.Single(Bind($$"""
            { "ca": "{{_ours.Ca}}", "certificate": "{{certificate}}", "key": "{{key}}" }
            """).Errors.Errors);

        Assert.Contains(
            $"'{key}' is not the private key of the first certificate in '{certificate}'", error,
            StringComparison.Ordinal);
    }

    private (BackendTlsOptions Options, ConfigErrors Errors) Bind(
        string? tls, string url = "https://10.0.0.1:8443", string? file = null)
    {
        var errors = new ConfigErrors
        {
            SystemAuthorities = new SystemAuthorities(_ => null)
            {
                Files = [file ?? _folder.File("none")],
                Folders = [],
            },
        };
        var text = "{\"pools\":{\"web\":{\"backends\":[\"" + url + "\"]"
            + (tls is null ? "" : ", \"tls\": " + tls) + "}}}";
        var root = new JsonConfigReader().Read(Encoding.UTF8.GetBytes(text), "minilb.json", errors);
        return (OptionsBinder.Bind(root, errors).Pools[0].Tls, errors);
    }
}
