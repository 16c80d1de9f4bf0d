using MiniLB.RequestPath.Admit;

namespace MiniLB.Tests.RequestPath.Admit;

public sealed class HttpsRedirectTests
{
    [Theory]
    [InlineData("a.test", 443, "/", "https://a.test/")]
    [InlineData("a.test", 8443, "/x?y=%20", "https://a.test:8443/x?y=%20")]
    [InlineData("[::1]", 443, "//evil.test/", "https://[::1]//evil.test/")]
    public void Location_IsTheSameTargetByHttps(string host, int port, string target, string location) =>
        Assert.Equal(location, HttpsRedirect.Location(host, port, target));
}
