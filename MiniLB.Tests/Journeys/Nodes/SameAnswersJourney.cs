using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Nodes;

/// <summary>Nodes that know nothing of each other send a key, or a client with a cookie, to the same backend: it
/// depends on the configuration alone.</summary>
public sealed class SameAnswersJourney : IAsyncLifetime
{
    private const int Keys = 100;

    private static readonly HttpClient Client = new(new SocketsHttpHandler { UseCookies = false });
    private readonly List<TestBackend> _backends = [];

    public async Task InitializeAsync()
    {
        foreach (var name in new[] { "a", "b", "c", "d", "e" })
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
    [InlineData("consistentHash", "path")]
    [InlineData("ipHash", "clientIp")]
    public async Task Key_ReachesTheSameBackend_WhateverTheOrder_AndAfterAReload(string strategy, string key)
    {
        using var folder = new TemporaryFolder();
        await using var first = await StartAsync(folder, "first.yaml", strategy, key, [0, 1, 2, 3, 4]);
        await using var second = await StartAsync(folder, "second.yaml", strategy, key, [3, 1, 4, 0, 2]);
        await using var reloaded = await StartAsync(folder, "third.yaml", strategy, key, [2, 4]);
        var homes = await HomesAsync(first);
        Assert.Equal("abcde", string.Concat(homes.Distinct().Order()));

        Write(folder, "third.yaml", strategy, key, [4, 0, 2, 1, 3]);
        await AdminOf.DoAsync(reloaded, "reload");
        await Eventually.True(
            async () => (await HomesAsync(reloaded)).Distinct().Count() == 5, "the new backends have joined");

        Assert.Equal(homes, await HomesAsync(second));
        Assert.Equal(homes, await HomesAsync(reloaded));
    }

    [Fact]
    public async Task BackendThatIsDown_MovesItsKeysToTheSameOthers()
    {
        using var folder = new TemporaryFolder();
        await using var first = await StartAsync(folder, "first.yaml", "consistentHash", "path", [0, 1, 2, 3, 4]);
        await using var second = await StartAsync(folder, "second.yaml", "consistentHash", "path", [4, 3, 2, 1, 0]);

        await _backends[2].KillAsync();
        foreach (var node in new[] { first, second })
        {
            await Eventually.True(
                async () => !(await HomesAsync(node)).Contains("c") && await IsDownAsync(node), "it is down");
        }

        var homes = await HomesAsync(first);
        Assert.DoesNotContain("c", homes);
        Assert.Equal(homes, await HomesAsync(second));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("the same on every node")]
    public async Task SessionOfOneNode_IsHonouredByTheOther(string secret)
    {
        using var folder = new TemporaryFolder();
        var session = $"stickySession: {{ enabled: true, secret: {secret} }}";
        await using var first = await StartAsync(folder, "first.yaml", "roundRobin", "path", [0, 1, 2, 3, 4], session);
        await using var second = await StartAsync(
            folder, "second.yaml", "roundRobin", "path", [2, 4, 0, 3, 1], session);

        for (var i = 0; i < 10; i++)
        {
            var (home, cookie) = await AskAsync(first, "/", null);
            Assert.NotNull(cookie);
            var pair = cookie[..cookie.IndexOf(';', StringComparison.Ordinal)];
            Assert.Equal((home, null), await AskAsync(second, "/", ("Cookie", pair)));
            Assert.Equal((home, null), await AskAsync(first, "/", ("Cookie", pair)));
        }
    }

    [Fact]
    public async Task SessionMadeWithAnotherSecret_IsReplaced()
    {
        using var folder = new TemporaryFolder();
        await using var first = await StartAsync(
            folder, "first.yaml", "roundRobin", "path", [0, 1], "stickySession: { enabled: true, secret: one }");
        await using var second = await StartAsync(
            folder, "second.yaml", "roundRobin", "path", [0, 1], "stickySession: { enabled: true, secret: another }");

        var (_, cookie) = await AskAsync(first, "/", null);

        Assert.NotNull((await AskAsync(second, "/", ("Cookie", cookie!.Split(';')[0]))).SetCookie);
    }

    private async Task<RunningProgram> StartAsync(
        TemporaryFolder folder, string file, string strategy, string key, int[] order, string more = "") =>
        await RunningProgram.BalanceAsync("--config", Write(folder, file, strategy, key, order, more));

    private string Write(
        TemporaryFolder folder, string file, string strategy, string key, int[] order, string more = "") =>
        folder.Write(file, $$"""
            trustedProxies: [127.0.0.0/8]
            pools:
              fleet:
                strategy: {{strategy}}
                {{(strategy == "consistentHash" ? $"hash: {{ key: {key} }}" : "")}}
                backends: [{{string.Join(", ", order.Select(o => _backends[o].Url))}}]
                healthCheck: { interval: 50ms, downInterval: 50ms, fastInterval: 20ms, rise: 1, fall: 1 }
                {{more}}
            """);

    private static async Task<bool> IsDownAsync(RunningProgram node) =>
        (await Client.GetStringAsync(new Uri(node.AdminUrl, "/health")))
            .Contains("\"dead\":1", StringComparison.Ordinal);

    private static async Task<string[]> HomesAsync(RunningProgram node)
    {
        var homes = new string[Keys];
        for (var i = 0; i < Keys; i++)
        {
            homes[i] = (await AskAsync(node, $"/item/{i}", ("X-Forwarded-For", $"203.0.113.{i}"))).Backend;
        }

        return homes;
    }

    private static async Task<(string Backend, string? SetCookie)> AskAsync(
        RunningProgram node, string path, (string Name, string Value)? field)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(node.Url, path));
        if (field is var (name, value))
        {
            request.Headers.Add(name, value);
        }

        using var response = await Client.SendAsync(request);
        return (await response.Content.ReadAsStringAsync(),
            response.Headers.TryGetValues("Set-Cookie", out var values) ? values.Single() : null);
    }
}
