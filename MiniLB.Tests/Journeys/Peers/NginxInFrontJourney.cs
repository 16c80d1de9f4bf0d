using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Peers;

/// <summary>nginx as a client: a proxy in front of MiniLB.</summary>
public sealed class NginxInFrontJourney
{
    [Theory]
    [InlineData("")] // speaks HTTP/1.0 then, one request a connection
    [InlineData("proxy_http_version 1.1; proxy_set_header Connection '';")]
    public async Task RequestThroughBoth_ArrivesWithTheChainOfClients(string version)
    {
        await using var backend = RawBackend.Answering(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", backend.Url, "--set", "trustedProxies.0=127.0.0.1");
        await using var nginx = await NginxPeer.StartAsync(
            $"location / {{ proxy_pass {program.Url}; {version} proxy_set_header Host public.test; "
            + "proxy_set_header X-Forwarded-For 203.0.113.7; proxy_set_header X-Forwarded-Proto https; }");
        using var client = new HttpClient();

        for (var i = 0; i < 10; i++)
        {
            Assert.Equal("hello", await client.GetStringAsync(new Uri(nginx.Url + "/page")));
        }

        Assert.Equal(10, backend.Heads.Count);
        Assert.All(backend.Heads, head =>
        {
            Assert.StartsWith("GET /page HTTP/1.1\r\n", head, StringComparison.Ordinal);
            Assert.Contains("\r\nHost: public.test\r\n", head, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("\r\nX-Forwarded-For: 203.0.113.7, 127.0.0.1\r\n", head, StringComparison.Ordinal);
            Assert.Contains("\r\nX-Forwarded-Proto: https\r\n", head, StringComparison.Ordinal);
        });
    }
}
