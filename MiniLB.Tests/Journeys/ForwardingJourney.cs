using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys;

/// <summary>What the client sends arrives at the backend byte for byte, with nothing added that is not said to
/// be.</summary>
public sealed class ForwardingJourney
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    [Theory]
    [InlineData("/")]
    [InlineData("//a/%2e%2e/b?x=%20")]
    [InlineData("/a/../b/./c")]
    [InlineData("/?")]
    [InlineData("/a?b?c=/../%00")]
    [InlineData("/%E2%82%AC;p=1,2'()*")]
    public async Task RequestTarget_ArrivesAsSent(string target)
    {
        var head = await ForwardAsync($"GET {target} HTTP/1.1\r\nHost: example.test\r\n\r\n");

        Assert.StartsWith($"GET {target} HTTP/1.1\r\n", head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AbsoluteForm_IsPassedOnInOriginForm()
    {
        var head = await ForwardAsync("GET http://example.test/a//b?c HTTP/1.1\r\nHost: example.test\r\n\r\n");

        Assert.StartsWith("GET /a//b?c HTTP/1.1\r\n", head, StringComparison.Ordinal);
        Assert.Contains("\r\nHost: example.test\r\n", head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PlainRequest_GetsOnlyTheFieldsThatAreSaidToBeAdded()
    {
        var head = await ForwardAsync("GET / HTTP/1.1\r\nHost: example.test\r\n\r\n");

        var names = head.Split("\r\n").Skip(1).Where(l => l.Length > 0).Select(l => l.Split(':')[0].ToLowerInvariant());
        Assert.Equal(["host", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-request-id"],
            names.Order());
        Assert.Contains("\r\nVia: 1.1 minilb\r\n", head, StringComparison.Ordinal);
        Assert.Contains("\r\nX-Forwarded-For: 127.0.0.1\r\n", head, StringComparison.Ordinal);
        Assert.Contains("\r\nX-Forwarded-Host: example.test\r\n", head, StringComparison.Ordinal);
        Assert.Contains("\r\nX-Forwarded-Proto: http\r\n", head, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("X-Secret")]
    [InlineData("x-secret, Host, close")]
    [InlineData("close, X-Secret")]
    [InlineData("Keep-Alive,X-SECRET")]
    [InlineData("X-Secret, Upgrade")]
    [InlineData("X-Secret, close, keep-alive")]
    public async Task HopByHopFields_AndThoseNamedByConnection_EndHere(string connection)
    {
        var head = await ForwardAsync(
            "GET / HTTP/1.1\r\nHost: h\r\nConnection: " + connection + "\r\nX-Secret: 1\r\nKeep-Alive: 5\r\n"
            + "TE: trailers\r\nProxy-Connection: x\r\nProxy-Authorization: y\r\nUpgrade: h2c\r\nHTTP2-Settings: z\r\n"
            + "X-Kept: 1\r\n\r\n");

        string[] fields = ["X-Secret", "Keep-Alive", "TE:", "Proxy-", "Upgrade", "HTTP2-Settings", "Connection"];
        foreach (var gone in fields)
        {
            Assert.DoesNotContain("\r\n" + gone, head, StringComparison.OrdinalIgnoreCase);
        }

        Assert.Contains("\r\nX-Kept: 1\r\n", head, StringComparison.Ordinal);
        Assert.Contains("\r\nHost: h\r\n", head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HeaderValues_AreNotReencoded()
    {
        var head = await ForwardAsync(
            "GET / HTTP/1.1\r\nHost: h\r\nX-Latin: caf\u00e9 \u00fc\r\nUser-Agent: odd()) agent/\r\n"
            + "Accept: not/a;;list\r\n"
            + "Referer: :::\r\nDate: yesterday\r\nIf-Modified-Since: 0\r\nX-Empty:\r\nCookie: a=1;b=\"2\"\r\n\r\n");

        foreach (var line in new[]
        {
            "X-Latin: caf\u00e9 \u00fc", "User-Agent: odd()) agent/", "Accept: not/a;;list", "Referer: :::",
            "Date: yesterday", "If-Modified-Since: 0", "Cookie: a=1;b=\"2\"",
        })
        {
            Assert.Contains($"\r\n{line}\r\n", head, StringComparison.Ordinal);
        }

        Assert.Matches("\r\nX-Empty: ?\r\n", head);
    }

    [Fact]
    public async Task ForwardingFieldsOfAStranger_AreReplaced()
    {
        var head = await ForwardAsync(
            "GET / HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: 6.6.6.6\r\nx_forwarded_for: 6.6.6.6\r\n"
            + "X-Real-IP: 6.6.6.6\r\n"
            + "X-Real_IP: 6.6.6.6\r\nForwarded: for=6.6.6.6\r\nX-Forwarded-Port: 6666\r\nX-Request-Id: 6666\r\n"
            + "Via: 1.0 other\r\n\r\n");

        Assert.DoesNotContain("6.6.6.6", head, StringComparison.Ordinal);
        Assert.DoesNotContain("6666", head, StringComparison.Ordinal);
        Assert.Contains("\r\nX-Forwarded-For: 127.0.0.1\r\n", head, StringComparison.Ordinal);
        Assert.Contains("\r\nVia: 1.0 other, 1.1 minilb\r\n", head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ForwardingFieldsOfATrustedProxy_AreKeptAndAppendedTo()
    {
        var head = await ForwardAsync(
            "GET / HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: 9.9.9.9\r\nX-Forwarded-Proto: https\r\n"
            + "X-Forwarded-Host: public.test\r\nX-Forwarded-Port: 443\r\nX-Request-Id: abc\r\n\r\n",
            "--set", "trustedProxies.0=127.0.0.0/8");

        Assert.Contains("\r\nX-Forwarded-For: 9.9.9.9, 127.0.0.1\r\n", head, StringComparison.Ordinal);
        Assert.Contains("\r\nX-Forwarded-Proto: https\r\n", head, StringComparison.Ordinal);
        Assert.Contains("\r\nX-Forwarded-Host: public.test\r\n", head, StringComparison.Ordinal);
        Assert.Contains("\r\nX-Forwarded-Port: 443\r\n", head, StringComparison.Ordinal);
        Assert.Contains("\r\nX-Request-ID: abc\r\n", head, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("GET", "Content-Type: text/plain\r\n")]
    [InlineData("DELETE", "Content-Length: 0\r\n")]
    [InlineData("PURGE", "")]
    [InlineData("get", "")]
    public async Task RequestWithoutABody_ArrivesWithItsFields(string method, string field)
    {
        var head = await ForwardAsync($"{method} /x HTTP/1.1\r\nHost: h\r\n{field}\r\n");

        Assert.StartsWith(method + " /x", head, StringComparison.Ordinal);
        Assert.Contains("\r\n" + field, head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ResponseFields_ArriveAsSentWithoutHopByHopOnes()
    {
        await using var backend = RawBackend.Answering(
            "HTTP/1.1 299 Odd Reason\r\nContent-Length: 2\r\nSet-Cookie: a=1; Path=/\r\nSet-Cookie: b=2, c\r\n"
            + "X-Latin: caf\u00e9\r\nServer: odd/1.0 (x)\r\nConnection: X-Hop\r\nX-Hop: 1\r\nKeep-Alive: timeout=5\r\n"
            + "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\nX-Twice: 1\r\nX-Twice: 2\r\n\r\nok");
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);
        await using var client = await RawConnection.OpenAsync(program.Url);

        await client.SendAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        var (head, body) = await client.ReadResponseAsync();

        Assert.StartsWith("HTTP/1.1 299 Odd Reason\r\n", head, StringComparison.Ordinal);
        foreach (var line in new[]
        {
            "Set-Cookie: a=1; Path=/", "Set-Cookie: b=2, c", "X-Latin: caf\u00e9", "Server: odd/1.0 (x)",
            "Date: Thu, 01 Jan 1970 00:00:00 GMT", "X-Twice: 1", "X-Twice: 2",
        })
        {
            Assert.Contains($"\r\n{line}\r\n", head, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("X-Hop", head, StringComparison.Ordinal);
        Assert.DoesNotContain("Keep-Alive", head, StringComparison.Ordinal);
        Assert.Equal("ok", body);
    }

    private static async Task<string> ForwardAsync(string request, params string[] arguments)
    {
        await using var backend = RawBackend.Answering(Ok);
        await using var program = await RunningProgram.BalanceAsync(["--backend", backend.Url, .. arguments]);
        await using var client = await RawConnection.OpenAsync(program.Url);
        await client.SendAsync(request);
        var (head, _) = await client.ReadResponseAsync();
        Assert.StartsWith("HTTP/1.1 200", head, StringComparison.Ordinal);
        return Assert.Single(backend.Heads);
    }
}
