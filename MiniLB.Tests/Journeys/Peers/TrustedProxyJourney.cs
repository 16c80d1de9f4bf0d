using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Peers;

/// <summary>What a client says of other clients is believed from trusted proxies, and replaced from all
/// others.</summary>
public sealed class TrustedProxyJourney
{
    private const string Claims =
        "X-Forwarded-For: 203.0.113.7\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: public.test\r\n"
        + "X-Request-Id: from-outside";

    private static readonly string[] Spellings =
    [
        "X-Forwarded-For: 203.0.113.7", "x-forwarded-for: 203.0.113.7", "X_Forwarded_For: 203.0.113.7",
        "X-Forwarded_For: 203.0.113.7", "x_forwarded_proto: 203.0.113.7", "X-Forwarded-Proto: 203.0.113.7",
        "X-Forwarded-Host: 203.0.113.7", "X_FORWARDED_HOST: 203.0.113.7", "X-Forwarded-Port: 203.0.113.7",
        "X_Forwarded_Port: 203.0.113.7", "X-Forwarded-Prefix: 203.0.113.7", "X-Forwarded-Server: 203.0.113.7",
        "X-Real-IP: 203.0.113.7", "x-real-ip: 203.0.113.7", "X_Real_IP: 203.0.113.7", "X-Real_Ip: 203.0.113.7",
        "Forwarded: for=203.0.113.7;proto=https", "forwarded: for=203.0.113.7",
        "X-Forwarded-For: 203.0.113.7\r\nX-Forwarded-For: 203.0.113.7",
        "Connection: X-Forwarded-For\r\nX-Forwarded-For: 203.0.113.7",
    ];

    [Fact]
    public async Task ClaimOfAStranger_HoweverItIsSpelt_DoesNotReachTheBackend()
    {
        var heads = await SendAsync("trustedProxies.0=192.0.2.0/24", Spellings);

        Assert.Equal(Spellings.Length, heads.Length);
        Assert.All(heads, head =>
        {
            Assert.DoesNotContain("203.0.113.7", head, StringComparison.Ordinal);
            Assert.Equal("127.0.0.1", Field(head, "X-Forwarded-For"));
            Assert.Equal("http", Field(head, "X-Forwarded-Proto"));
            Assert.Equal("own.test", Field(head, "X-Forwarded-Host"));
        });
    }

    [Fact]
    public async Task ClaimsOfATrustedProxy_AreKeptAndAppendedTo()
    {
        var head = Assert.Single(await SendAsync("trustedProxies.0=127.0.0.0/8", Claims));

        Assert.Equal("203.0.113.7, 127.0.0.1", Field(head, "X-Forwarded-For"));
        Assert.Equal("https", Field(head, "X-Forwarded-Proto"));
        Assert.Equal("public.test", Field(head, "X-Forwarded-Host"));
        Assert.Equal("from-outside", Field(head, "X-Request-Id"));
    }

    [Fact]
    public async Task RequestIdOfAStranger_IsReplaced()
    {
        var head = Assert.Single(await SendAsync("trustedProxies.0=192.0.2.0/24", Claims));

        Assert.Equal(32, Field(head, "X-Request-Id").Length);
    }

    [Theory]
    [InlineData("127.0.0.1", "203.0.113.7", "203.0.113.7")]
    [InlineData("127.0.0.1", "198.51.100.1, 203.0.113.7", "203.0.113.7")] // the one before may be made up
    [InlineData("127.0.0.1 203.0.113.0/24", "198.51.100.1, 203.0.113.7", "198.51.100.1")]
    [InlineData("127.0.0.1", "::ffff:203.0.113.7", "203.0.113.7")]
    [InlineData("127.0.0.1", "2001:db8::7", "2001:db8::7")]
    [InlineData("192.0.2.1", "203.0.113.7", "127.0.0.1")]
    public async Task ClientInTheLog_IsTheLastOneThatIsNotTrusted(string trusted, string chain, string client)
    {
        await using var backend = RawBackend.Answering("HTTP/1.1 204 No Content\r\n\r\n");
        await using var program = await RunningProgram.BalanceAsync(
            ["--backend", backend.Url, .. trusted.Split(' ').SelectMany((t, i) =>
                new[] { "--set", $"trustedProxies.{i}={t}" })]);
        await using var connection = await RawConnection.OpenAsync(program.Url);

        await connection.SendAsync($"GET / HTTP/1.1\r\nHost: own.test\r\nX-Forwarded-For: {chain}\r\n\r\n");
        await connection.ReadHeadAsync();

        var line = Assert.Single(await AccessLines.WaitAsync(program, 1));
        Assert.Equal(client, line.GetProperty("client").GetString());
    }

    /// <summary>The heads that the backend received.</summary>
    private static async Task<string[]> SendAsync(string setting, params string[] claims)
    {
        await using var backend = RawBackend.Answering("HTTP/1.1 204 No Content\r\n\r\n");
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url, "--set", setting);
        foreach (var claim in claims)
        {
            await using var client = await RawConnection.OpenAsync(program.Url);
            await client.SendAsync($"GET / HTTP/1.1\r\nHost: own.test\r\n{claim}\r\n\r\n");
            Assert.StartsWith("HTTP/1.1 204", await client.ReadHeadAsync(), StringComparison.Ordinal);
        }

        return [.. backend.Heads];
    }

    private static string Field(string head, string name) => Assert.Single(
        head.Split("\r\n"), l => l.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))[(name.Length + 1)..]
        .Trim();
}
