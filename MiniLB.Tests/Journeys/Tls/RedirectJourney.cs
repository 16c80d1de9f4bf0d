using Microsoft.AspNetCore.Http;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Tls;

/// <summary>Who comes without TLS is sent to where it is, and told by HSTS to remember.</summary>
public sealed class RedirectJourney
{
    private const string Listeners = ", { \"address\": \"127.0.0.1:0\", \"redirectToHttps\": 443 }";

    [Theory]
    [InlineData("GET /a%20b?c=d HTTP/1.1\r\nHost: site.test:8080", "308", "https://site.test/a%20b?c=d")]
    [InlineData("POST / HTTP/1.1\r\nHost: SITE.test\r\nContent-Length: 0", "308", "https://SITE.test/")]
    [InlineData("GET //evil.test/ HTTP/1.1\r\nHost: site.test", "308", "https://site.test//evil.test/")]
    [InlineData("GET http://site.test/x HTTP/1.1\r\nHost: site.test", "308", "https://site.test/x")]
    [InlineData("GET / HTTP/1.0", "400", null)]
    [InlineData("CONNECT .evil.test:443 HTTP/1.1\r\nHost: site.test", "405", null)] // no path: it would end in the host
    [InlineData("GET /health HTTP/1.1\r\nHost: site.test", "200", null)]
    public async Task Request_WithoutTls_IsRedirected(string request, string status, string? location)
    {
        await using var rig = await TlsRig.StartAsync(
            tls: ", \"hsts\": \"365d\"", rest: ", \"accessLog\": { \"format\": \"off\" }", listeners: Listeners);
        await using var client = await RawConnection.OpenAsync(PlainUrl(rig));

        await client.SendAsync(request + "\r\n\r\n");
        var head = await client.ReadHeadAsync();

        Assert.StartsWith($"HTTP/1.1 {status} ", head, StringComparison.Ordinal);
        Assert.Equal(location is not null, head.Contains($"\r\nLocation: {location}\r\n", StringComparison.Ordinal));
        Assert.DoesNotContain("Strict-Transport-Security", head, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(0, rig.Backend.Requests);
    }

    [Theory]
    [InlineData("https", "HTTP/1.1 200 ")]
    [InlineData("http", "HTTP/1.1 308 ")]
    public async Task TrustedProxy_ThatHadTlsItself_IsServed(string scheme, string status)
    {
        await using var rig = await TlsRig.StartAsync(
            rest: ", \"trustedProxies\": [\"127.0.0.1\"]", listeners: Listeners);
        await using var client = await RawConnection.OpenAsync(PlainUrl(rig));

        await client.SendAsync($"GET / HTTP/1.1\r\nHost: site.test\r\nX-Forwarded-Proto: {scheme}\r\n\r\n");

        Assert.StartsWith(status, await client.ReadHeadAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--http1.1", "/")]
    [InlineData("--http2", "/")]
    [InlineData("--http2", "/health")]
    public async Task Hsts_IsInEachAnswerByTls_Once(string http, string path)
    {
        await using var rig = await TlsRig.StartAsync(
            c =>
            {
                c.Response.Headers.StrictTransportSecurity = "max-age=1";
                return c.Response.WriteAsync("hello");
            },
            tls: ", \"hsts\": { \"maxAge\": \"365d\", \"includeSubDomains\": true }");

        var curl = await rig.CurlAsync(path, http, "-o", "/dev/null", "-D", "-");

        Assert.Equal("strict-transport-security: max-age=31536000; includeSubDomains", Assert.Single(
            curl.Output.Split("\r\n"), l => l.StartsWith("strict-transport-security", StringComparison.OrdinalIgnoreCase)),
            ignoreCase: true);
    }

    // The second address of the start line.
    private static Uri PlainUrl(TlsRig rig)
    {
        var line = rig.Program.Errors.Split('\n').Single(l => l.Contains(" listens on ", StringComparison.Ordinal));
        return new Uri(line[(line.IndexOf(", http://", StringComparison.Ordinal) + 2)..line.IndexOf(';', StringComparison.Ordinal)]);
    }
}
