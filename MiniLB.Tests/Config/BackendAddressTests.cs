using MiniLB.Config;

namespace MiniLB.Tests.Config;

public sealed class BackendAddressTests
{
    [Theory]
    [InlineData("http://10.0.0.1:8080", false, "10.0.0.1", 8080, "10.0.0.1:8080")]
    [InlineData("http://10.0.0.1", false, "10.0.0.1", 80, "10.0.0.1")]
    [InlineData("http://10.0.0.1/", false, "10.0.0.1", 80, "10.0.0.1")]
    [InlineData("http://10.0.0.1:443", false, "10.0.0.1", 443, "10.0.0.1:443")]
    [InlineData("https://api.example", true, "api.example", 443, "api.example")]
    [InlineData("https://API.Example:8443", true, "api.example", 8443, "api.example:8443")]
    [InlineData("HTTP://a:81", false, "a", 81, "a:81")]
    [InlineData("http://[::1]:8080", false, "::1", 8080, "[::1]:8080")]
    [InlineData("http://[2001:DB8::1]", false, "2001:db8::1", 80, "[2001:db8::1]")]
    [InlineData("http://my_service:8080", false, "my_service", 8080, "my_service:8080")]
    public void Url_OfSchemeHostAndPort_IsTakenApart(string url, bool tls, string host, int port, string authority)
    {
        Assert.Null(BackendAddress.Parse(url, out var address));
        Assert.Equal(new BackendAddress(tls, host, port), address);
        Assert.Equal(authority, address.Authority);
    }

    [Theory]
    [InlineData("")]
    [InlineData("10.0.0.1:8080")]
    [InlineData("htp://x")]
    [InlineData("ftp://x")]
    [InlineData("http://")]
    [InlineData("http:///path")]
    [InlineData("http://a:0")]
    [InlineData("http://a:65536")]
    [InlineData("http://a:-1")]
    [InlineData("http://[::1")]
    [InlineData("/run/backend.sock")]
    [InlineData("http://a b")]
    [InlineData(" http://10.0.0.1:8080")]
    [InlineData("http://10.0.0.1:8080\n")]
    [InlineData("http:\\\\10.0.0.1:8080")]
    public void Url_ThatIsNone_IsNamedWithWhatWouldBeAccepted(string url) =>
        Assert.Equal($"'{url}' is not an http or https URL", BackendAddress.Parse(url, out _));

    [Theory]
    [InlineData("http://a/path")]
    [InlineData("http://a/?q=1")]
    [InlineData("http://a?q=1")]
    [InlineData("http://a/#top")]
    public void Url_WithMoreThanAServer_IsRefused(string url) => Assert.Equal(
        $"'{url}' has more than scheme, host and port, such as http://10.0.0.1:8080", BackendAddress.Parse(url, out _));

    [Fact]
    public void Url_WithAPassword_IsRefusedWithoutSayingIt() => Assert.Equal(
        "'http://(secret)@a' has more than scheme, host and port, such as http://10.0.0.1:8080",
        BackendAddress.Parse("http://user:pl4nted@a", out _));
}
