using Microsoft.AspNetCore.Http;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys;

/// <summary>The same key reaches the same backend; one that goes down moves its own keys, and they come home.</summary>
public sealed class HashJourney : IAsyncLifetime
{
    private const int Keys = 60;

    private static readonly HttpClient Client = new(new SocketsHttpHandler { UseCookies = false });
    private readonly List<TestBackend> _backends = [];

    public async Task InitializeAsync()
    {
        foreach (var name in new[] { "a", "b", "c" })
        {
            _backends.Add(await TestBackend.StartAsync(name));
        }
    }

    public async Task DisposeAsync()
    {
        foreach (var backend in _backends)
        {
            await backend.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("path", "/item/{0}?{1}", "")]
    [InlineData("header:X-User", "/{1}", "x-user: {0}")]
    [InlineData("cookie:id", "/{1}", "Cookie: other={1}; id={0}")]
    public async Task BackendThatGoesDown_MovesItsOwnKeys_AndTheyComeHome(string key, string target, string field)
    {
        await using var program = await StartAsync(
            "--strategy", "consistentHash", "--set", $"pools.default.hash.key={key}");
        var homes = await AskAsync(program, target, field);
        Assert.Equal("abc", string.Concat(homes.Distinct().Order()));
        Assert.Equal(homes, await AskAsync(program, target, field));

        await _backends[1].KillAsync();
        await AdminOf.SeesAsync(program, _backends[1].Url, d => !d.Alive, "it is down");
        var away = await AskAsync(program, target, field);
        Assert.All(homes.Zip(away), h => Assert.True(h.First == "b" ? h.Second is "a" or "c" : h.First == h.Second));
        Assert.Equal(away, await AskAsync(program, target, field));

        await _backends[1].StartAgainAsync();
        await AdminOf.SeesAsync(program, _backends[1].Url, d => d.Alive, "it is up again");
        Assert.Equal(homes, await AskAsync(program, target, field));
    }

    [Theory]
    [InlineData("203.0.113.{0}")]
    [InlineData("198.51.100.7, 203.0.113.{0}, 127.0.0.9")]
    [InlineData("::ffff:203.0.113.{0}")]
    [InlineData("2001:db8:0:{0}::{1}")]
    public async Task IpHash_GoesByTheClientThatATrustedProxyNames(string chain)
    {
        await using var program = await StartAsync(
            "--strategy", "ipHash", "--set", "trustedProxies[0]=127.0.0.0/8");

        var homes = await AskAsync(program, "/", "X-Forwarded-For: " + chain);

        Assert.Equal("abc", string.Concat(homes.Distinct().Order()));
        Assert.Equal(homes, await AskAsync(program, "/", "X-Forwarded-For: " + chain));
    }

    [Fact]
    public async Task IpHash_DoesNotBelieveTheClientItself()
    {
        await using var program = await StartAsync("--strategy", "ipHash");

        Assert.Single((await AskAsync(program, "/", "X-Forwarded-For: 203.0.113.{0}")).Distinct());
    }

    [Fact]
    public async Task OneKeyAlone_OverflowsOnceItsBackendHasItsBound()
    {
        var release = new TaskCompletionSource();
        await using var a = await TestBackend.StartAsync(HoldAsync);
        await using var b = await TestBackend.StartAsync(HoldAsync);
        await using var c = await TestBackend.StartAsync(HoldAsync);
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", a.Url, "--backend", b.Url, "--backend", c.Url, "--strategy", "consistentHash",
            "--set", "pools.default.hash.key=path", "--set", "pools.default.hash.boundedLoad=1.25");

        var requests = new List<Task<string>>();
        for (var i = 1; i <= 12; i++)
        {
            requests.Add(Client.GetStringAsync(new Uri(program.Url, "/hot")));
            await Eventually.True(() => a.Requests + b.Requests + c.Requests == requests.Count, "it has arrived");
        }

        release.SetResult();
        await Task.WhenAll(requests);

        // Five are 1.25 times a third of twelve, rounded up.
        Assert.All(new[] { a, b, c }, x => Assert.InRange(x.Requests, 2, 5));

        async Task HoldAsync(HttpContext context)
        {
            await release.Task;
            await context.Response.WriteAsync("held");
        }
    }

    private Task<RunningProgram> StartAsync(params string[] arguments) => RunningProgram.BalanceAsync(
    [
        .. _backends.SelectMany(b => new[] { "--backend", b.Url }), .. arguments,
        "--set", "pools.default.healthCheck.interval=50ms", "--set", "pools.default.healthCheck.downInterval=50ms",
        "--set", "pools.default.healthCheck.fastInterval=20ms",
    ]);

    /// <summary>Who answers each key, where {0} is the key and {1} differs from one request to the next.</summary>
    private static async Task<string[]> AskAsync(RunningProgram program, string target, string field)
    {
        var answers = new string[Keys];
        for (var i = 0; i < Keys; i++)
        {
            object[] values = [i, Random.Shared.Next(1, 10_000)];
            using var request = new HttpRequestMessage(
                HttpMethod.Get, new Uri(program.Url, string.Format(null, target, values)));
            if (field.Length > 0)
            {
                var parts = string.Format(null, field, values).Split(": ", 2);
                Assert.True(request.Headers.TryAddWithoutValidation(parts[0], parts[1]));
            }

            using var response = await Client.SendAsync(request);
            answers[i] = await response.Content.ReadAsStringAsync();
        }

        return answers;
    }
}
