using System.Net;
using Microsoft.AspNetCore.Http;
using MiniLB.Tests.Journeys.Harness;
using MiniLB.Tests.Journeys.Http2.Backends;

namespace MiniLB.Tests.Journeys;

/// <summary>A client with the cookie stays with its backend, for as long as that is there.</summary>
public sealed class SessionJourney
{
    private static readonly string[] Settings =
    [
        "--set", "pools.default.stickySession.enabled=true",
        "--set", "pools.default.healthCheck.interval=200ms", "--set", "pools.default.healthCheck.fastInterval=50ms",
        "--set", "pools.default.healthCheck.downInterval=200ms",
    ];

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task ClientWithTheCookie_StaysWithItsBackend(string version)
    {
        await using var a = await TestBackend.StartAsync("a");
        await using var b = await TestBackend.StartAsync("b");
        await using var program = await RunningProgram.BalanceAsync(
            ["--backend", a.Url, "--backend", b.Url, .. Settings]);
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false });

        var (first, set) = await AskAsync(client, program.Url, version, cookie: null);
        Assert.NotNull(set);
        Assert.EndsWith("; Path=/; HttpOnly; SameSite=Lax", set, StringComparison.Ordinal);
        var cookie = set[..set.IndexOf(';', StringComparison.Ordinal)];
        Assert.DoesNotContain($"{new Uri(a.Url).Port}", cookie, StringComparison.Ordinal);

        for (var i = 0; i < 10; i++)
        {
            Assert.Equal((first, null), await AskAsync(client, program.Url, version, $"x=1; {cookie}"));
        }

        var others = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            others.Add((await AskAsync(client, program.Url, version, cookie: null)).Text);
        }

        Assert.Equal(2, others.Distinct().Count());
    }

    [Theory]
    [InlineData("minilb=")]
    [InlineData("minilb=AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("minilb=!!!!!!!!!!!!!!!!!!!!!!")]
    [InlineData("minilb=AAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("minilb=http://127.0.0.1:1")]
    [InlineData("Minilb=x; minilb2=y")]
    public async Task CookieThatNamesNobody_IsReplaced(string cookie)
    {
        await using var a = await TestBackend.StartAsync("a");
        await using var program = await RunningProgram.BalanceAsync(["--backend", a.Url, .. Settings]);
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false });

        var (text, set) = await AskAsync(client, program.Url, "1.1", cookie);

        Assert.Equal("a", text);
        Assert.NotNull(set);
    }

    [Fact]
    public async Task BackendThatIsGone_GivesItsClientsToAnother_WhichTellsThem()
    {
        await using var a = await TestBackend.StartAsync("a");
        await using var b = await TestBackend.StartAsync("b");
        await using var program = await RunningProgram.BalanceAsync(
            ["--backend", a.Url, "--backend", b.Url, .. Settings]);
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false });
        var (first, set) = await AskAsync(client, program.Url, "1.1", cookie: null);
        Assert.NotNull(set);
        var cookie = set[..set.IndexOf(';', StringComparison.Ordinal)];
        var (gone, left) = first == "a" ? (a, "b") : (b, "a");

        await gone.KillAsync();
        var (text, changed) = await AskAsync(client, program.Url, "1.1", cookie);

        Assert.Equal(left, text);
        Assert.NotNull(changed);
        Assert.DoesNotContain(cookie, changed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ClientThatCameOverHttps_GetsASecureCookieOfTheAgeAskedFor()
    {
        await using var a = await TestBackend.StartAsync("a");
        await using var program = await RunningProgram.BalanceAsync(
            ["--backend", a.Url, "--set", "trustedProxies.0=127.0.0.1", "--set",
                "pools.default.stickySession.maxAge=2h", "--set", "pools.default.stickySession.cookie=route",
                .. Settings]);
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false });
        client.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");

        var (_, set) = await AskAsync(client, program.Url, "1.1", cookie: null);

        Assert.Matches("^route=[A-Za-z0-9_-]{22}; Path=/; Max-Age=7200; HttpOnly; SameSite=Lax; Secure$", set);
    }

    [Fact]
    public async Task BackendOfHttp2_BindsItsClientsToo()
    {
        await using var backend = await KestrelBackend.StartAsync(c => c.Response.WriteAsync("a"));
        await using var program = await RunningProgram.BalanceAsync(
            ["--backend", backend.Url, "--set", "pools.default.http=2", .. Settings]);
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false });

        Assert.NotNull((await AskAsync(client, program.Url, "1.1", cookie: null)).SetCookie);
    }

    private static async Task<(string Text, string? SetCookie)> AskAsync(
        HttpClient client, Uri url, string version, string? cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url)
        {
            Version = Version.Parse(version),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        if (cookie is not null)
        {
            request.Headers.Add("Cookie", cookie);
        }

        using var response = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadAsStringAsync(),
            response.Headers.TryGetValues("Set-Cookie", out var values) ? Assert.Single(values) : null);
    }
}
