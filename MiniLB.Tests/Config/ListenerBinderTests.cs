using System.Security.Authentication;
using MiniLB.Config.Options;
using MiniLB.Tests.Certificates;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Config;

public sealed class ListenerBinderTests : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly TemporaryFolder _folder = new();
    private readonly string _site;

    public ListenerBinderTests()
    {
        var site = _authority.Issue("CN=site", ["site.test"]);
        _site = $$"""{"certificate":"{{_folder.Write("s.pem", site.Pem)}}","key":"{{_folder.Write("s.key", site.Key)}}"}""";
        _folder.Write("ca.pem", _authority.Pem);
    }

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Tls_HasSafeDefaults()
    {
        var tls = Good("").Tls!;

        Assert.Equal(SslProtocols.Tls12 | SslProtocols.Tls13, tls.Protocols);
        Assert.Equal(TimeSpan.FromSeconds(10), tls.HandshakeTimeout);
        Assert.Equal((ClientCertificates.None, null, null), (tls.ClientCertificates, tls.ClientCa, tls.Hsts));
        Assert.Single(tls.Certificates.All);
    }

    [Theory]
    [InlineData("\"off\"", null)]
    [InlineData("false", null)]
    [InlineData("0", null)]
    [InlineData("\"365d\"", "max-age=31536000")]
    [InlineData("\"24h\"", "max-age=86400")]
    [InlineData("{\"maxAge\":\"730d\",\"includeSubDomains\":true,\"preload\":true}",
        "max-age=63072000; includeSubDomains; preload")]
    [InlineData("{\"maxAge\":\"5m\",\"includeSubDomains\":true}", "max-age=300; includeSubDomains")]
    public void Hsts_IsTheValueOfItsField(string written, string? value) =>
        Assert.Equal(value, Good($",\"hsts\":{written}").Tls!.Hsts);

    [Theory]
    [InlineData("\"minVersion\":\"1.1\"", "minVersion: '1.1' is not one of 1.2, 1.3")]
    [InlineData("\"handshakeTimeout\":\"0\"",
        "handshakeTimeout: '0' is not a duration such as 250ms, 10s, 5m or 1h, above 0")]
    [InlineData("\"hsts\":\"1y\"", "hsts.maxAge: '1y' is not off or a time such as 365d")]
    [InlineData("\"hsts\":{\"maxage\":\"1d\"}", "hsts.maxage: unknown key; did you mean 'maxAge'?")]
    [InlineData("\"clientCertificates\":\"required\"",
        "clientCertificates: needs clientCa, the PEM file of the authority that vouches for clients")]
    [InlineData("\"clientCa\":\"CA\"",
        "clientCa: nobody is asked for a certificate; expected with it clientCertificates: optional or required")]
    [InlineData("\"cyphers\":\"ALL\"", "cyphers: unknown key; known here: certificates, clientCertificates, minVersion, "
        + "handshakeTimeout, clientCa, hsts")]
    public void Value_ThatDoesNotFit_IsExactlyThisLine(string keys, string error) => Assert.Equal(
        ["listeners[0].tls." + error],
        Bound($",{keys.Replace("CA", _folder.File("ca.pem"), StringComparison.Ordinal)}").Errors.Select(Unplaced));

    [Theory]
    [InlineData("{}", "tls.certificates: has no certificate; expected a list such as "
        + "[{ certificate: site.pem, key: site.key }]")]
    [InlineData("{\"certificates\":[]}", "tls.certificates: has no certificate; expected a list such as "
        + "[{ certificate: site.pem, key: site.key }]")]
    [InlineData("{\"certificates\":[{}]}",
        "tls.certificates[0].certificate: is missing; expected the path of a PEM file")]
    [InlineData("{\"certificates\":[{\"certificate\":\"a.pem\"}]}",
        "tls.certificates[0].certificate: goes together with key, which is missing; expected the path of a PEM file")]
    [InlineData("{\"certificates\":[{\"key\":\"a.key\"}]}",
        "tls.certificates[0].key: goes together with certificate, which is missing; expected the path of a PEM file")]
    public void Tls_WithoutCertificate_IsExactlyThisLine(string tls, string error) => Assert.Equal(
        ["listeners[0]." + error],
        Configured.ByLine($$"""
            "listeners":[{"address":":8443","tls": {{tls}} }]
            """).Errors.Select(Unplaced));

    [Fact]
    public void Tls_OfOff_IsNone() => Assert.Null(Configured.Good(
        Configured.ByLine("\"listeners\":[{\"address\":\":8080\",\"tls\":null}]")).Listeners[0].Tls);

    [Fact]
    public void Redirect_OnAListenerWithTls_IsAnError() => Assert.Equal(
        ["listeners[0].redirectToHttps: the listener has tls, so that there is nothing to redirect; expected on one "
            + "without"],
        Configured.ByLine($$"""
            "listeners":[{"address":":8443","redirectToHttps":443,"tls":{"certificates":[{{_site}}] } }]
            """).Errors.Select(Unplaced));

    [Fact]
    public void AdminAddress_HasTheSameTls() => Assert.Single(Configured.Good(Configured.ByLine($$"""
        "admin":{"tls":{"certificates":[{{_site}}] } }
        """)).Admin.Tls!.Certificates.All);

    [Fact]
    public void Certificates_OfAllListeners_AreToldOnce() => Assert.Single(Configured.Good(Configured.ByLine($$"""
        "listeners":[{"address":":1","tls":{"certificates":[{{_site}}] } },{"address":":2","tls":{"certificates":[{{_site}}] } }],
        "admin":{"tls":{"certificates":[{{_site}}] } }
        """)).Certificates);

    private ListenerOptions Good(string keys) => Configured.Good(Bound(keys)).Listeners[0];

    private Configured Bound(string keys) => Configured.ByLine($$"""
        "listeners":[{"address":":8443","tls":{"certificates":[{{_site}}] {{keys}} } }]
        """);

    private static string Unplaced(string error) => error[(error.IndexOf(' ', StringComparison.Ordinal) + 1)..];
}
