using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using MiniLB.Cli;
using MiniLB.Config;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys;

/// <summary>Another configuration takes effect while everything runs, and nothing is lost by it.</summary>
public sealed class ReloadJourney : IDisposable
{
    private static readonly HttpClient Client = new();

    private readonly TemporaryFolder _folder = new();
    private string File => _folder.File("minilb.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ChangedFile_IsObeyed_AndSaysWhatHasChanged()
    {
        await using var a = await TestBackend.StartAsync(c => c.Response.WriteAsync("a"));
        await using var b = await TestBackend.StartAsync(c => c.Response.WriteAsync("b"));
        await using var program = await StartAsync(Pool(a.Url));
        Assert.Equal("a", await Client.GetStringAsync(program.Url));

        System.IO.File.WriteAllText(File, Pool(b.Url));

        await program.SaysAsync($"configuration: + pools.web.backends {b.Url}");
        await Eventually.True(() => Client.GetStringAsync(program.Url).Result == "b", "the other backend");
        Assert.Contains($"configuration: - pools.web.backends {a.Url}", program.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HUP")]
    [InlineData("verb")]
    [InlineData("POST")]
    public async Task Reload_OnDemand_TakesEffect(string how)
    {
        await using var a = await TestBackend.StartAsync(c => c.Response.WriteAsync("a"));
        await using var b = await TestBackend.StartAsync(c => c.Response.WriteAsync("b"));
        await using var program = await StartAsync(Pool(a.Url));
        Write(Pool(b.Url));

        if (how == "HUP")
        {
            program.Signal("HUP");
        }
        else if (how == "verb")
        {
            var verb = await RunningProgram.RunAsync("reload", "--admin", program.AdminUrl.Authority);
            Assert.True(verb.ExitCode == 0, verb.Errors);
            Assert.Equal(
                $"- pools.web.backends {a.Url}\n+ pools.web.backends {b.Url}\n", verb.Output);
        }
        else
        {
            Assert.Contains("\"changes\":[", await PostAsync(program, HttpStatusCode.OK), StringComparison.Ordinal);
        }

        await Eventually.True(() => Client.GetStringAsync(program.Url).Result == "b", "the other backend");
    }

    [Fact]
    public async Task SameContent_DoesNothing()
    {
        await using var a = await TestBackend.StartAsync();
        await using var program = await StartAsync(Pool(a.Url));

        Assert.Equal(
            """{"errors":[],"changes":[],"atNextStart":[]}""", await PostAsync(program, HttpStatusCode.OK));
    }

    [Fact]
    public async Task BadFile_ChangesNothing_AndIsSaidEverywhere()
    {
        await using var a = await TestBackend.StartAsync(c => c.Response.WriteAsync("a"));
        await using var program = await StartAsync(Pool(a.Url));

        System.IO.File.WriteAllText(File, """{ "pools": { "web": { "backends": ["htp://x"] } } }""");

        await program.SaysAsync("configuration not reloaded");
        Assert.Contains("minilb.json:1:36 pools.web.backends[0].url: ", program.Errors, StringComparison.Ordinal);
        var ready = await Client.GetStringAsync(new Uri(program.AdminUrl, "/readyz"));
        Assert.StartsWith("ready\nthe configuration was refused at ", ready, StringComparison.Ordinal);
        Assert.Contains(
            "\nminilb_config_last_reload_successful 0\n",
            await Client.GetStringAsync(new Uri(program.AdminUrl, "/metrics")), StringComparison.Ordinal);
        Assert.Contains(
            "pools.web.backends[0].url", await PostAsync(program, HttpStatusCode.UnprocessableEntity),
            StringComparison.Ordinal);
        Assert.Equal("a", await Client.GetStringAsync(program.Url));

        System.IO.File.WriteAllText(File, Pool(a.Url));
        await Eventually.True(
            () => Client.GetStringAsync(new Uri(program.AdminUrl, "/readyz")).Result == "ready\n", "that it is well");
    }

    [Fact]
    public async Task Listeners_AreAddedAndRemoved_AndTheOthersStay()
    {
        await using var a = await TestBackend.StartAsync(c => c.Response.WriteAsync("a"));
        await using var program = await StartAsync(Pool(a.Url));
        var (path, other) = (_folder.File("s.sock"), _folder.File("t.sock"));

        Write(Pool(a.Url, listeners: [path]));
        Assert.Contains("unix:", await PostAsync(program, HttpStatusCode.OK), StringComparison.Ordinal);
        Assert.Equal("a", await GetAsync(path));
        Assert.Equal("a", await Client.GetStringAsync(program.Url));

        Write(Pool(a.Url, listeners: [other]));
        await PostAsync(program, HttpStatusCode.OK);
        Assert.False(System.IO.File.Exists(path));
        Assert.Equal("a", await GetAsync(other));
        Assert.Equal("a", await Client.GetStringAsync(program.Url));
    }

    [Fact]
    public async Task AddressInUse_ChangesNothing()
    {
        await using var a = await TestBackend.StartAsync(c => c.Response.WriteAsync("a"));
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        await using var program = await StartAsync(Pool(a.Url));

        Write(Pool("http://127.0.0.1:1", tcp: taken.LocalEndpoint.ToString()));

        Assert.Contains(
            $"cannot listen on {taken.LocalEndpoint}", await PostAsync(program, HttpStatusCode.UnprocessableEntity),
            StringComparison.Ordinal);
        Assert.Equal("a", await Client.GetStringAsync(program.Url));
    }

    [Fact]
    public async Task OpenRequestsTunnelsAndCounters_Survive()
    {
        using var release = new SemaphoreSlim(0);
        await using var a = await TestBackend.StartAsync(async c =>
        {
            await c.Response.WriteAsync("begun ");
            await c.Response.Body.FlushAsync();
            await release.WaitAsync();
            await c.Response.WriteAsync("done");
        });
        await using var b = await TestBackend.StartAsync(c => c.Response.WriteAsync("b"));
        await using var w = await WebSocketEcho.StartAsync();
        await using var program = await StartAsync(Pool(a.Url, route: ("/ws", w.Url)));
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(
            new Uri($"ws://{program.Url.Authority}/ws"), CancellationToken.None);
        using var open = await Client.GetAsync(program.Url, HttpCompletionOption.ResponseHeadersRead);

        Write(Pool(b.Url));
        await PostAsync(program, HttpStatusCode.OK);

        Assert.Equal("b", await Client.GetStringAsync(program.Url));
        Assert.Equal("hello", await WebSocketEcho.AskAsync(socket, "hello"));
        release.Release();
        Assert.Equal("begun done", await open.Content.ReadAsStringAsync());
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        await Eventually.True(() => TcpState.ConnectionsTo(a.Port) == 0, "the end of what was kept to the backend that has left");
    }

    [Fact]
    public async Task DrainedBackend_AndItsCounters_StayAsTheyAre()
    {
        await using var a = await TestBackend.StartAsync(c => c.Response.WriteAsync("a"));
        await using var b = await TestBackend.StartAsync(c => c.Response.WriteAsync("b"));
        await using var program = await StartAsync(Pool($"{a.Url}\",\"{b.Url}"));
        var drained = new Uri(a.Url).Authority;
        Assert.Equal(0, (await RunningProgram.RunAsync(
            "drain", $"web/{drained}", "--admin", program.AdminUrl.Authority)).ExitCode);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal("b", await Client.GetStringAsync(program.Url));
        }

        Write(Pool($"{b.Url}\",\"{a.Url}", route: ("/x", b.Url)));
        await PostAsync(program, HttpStatusCode.OK);

        Assert.Equal("b", await Client.GetStringAsync(program.Url));
        var backends = await Client.GetStringAsync(new Uri(program.AdminUrl, "/backends/web/" + drained));
        Assert.Contains("\"mode\":\"draining\"", backends, StringComparison.Ordinal);
        var other = await Client.GetStringAsync(
            new Uri(program.AdminUrl, "/backends/web/" + new Uri(b.Url).Authority));
        Assert.Contains("\"sends\":6", other, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ManyReloads_UnderLoadAndOpenWebSockets_LoseNothing()
    {
        await using var a = await TestBackend.StartAsync();
        await using var b = await TestBackend.StartAsync();
        await using var c = await TestBackend.StartAsync();
        await using var w = await WebSocketEcho.StartAsync();
        await using var program = await StartAsync(Variant(0, a.Url, b.Url, c.Url, w.Url));
        var sockets = new List<ClientWebSocket>();
        for (var i = 0; i < 10; i++)
        {
            sockets.Add(new ClientWebSocket());
            await sockets[^1].ConnectAsync(new Uri($"ws://{program.Url.Authority}/ws"), CancellationToken.None);
        }

        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 16 });
        using var end = new CancellationTokenSource();
        var failures = new ConcurrentBag<string>();
        var load = Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
        {
            while (!end.IsCancellationRequested)
            {
                using var response = await client.GetAsync(program.Url, CancellationToken.None);
                if (!response.IsSuccessStatusCode)
                {
                    failures.Add($"{response.StatusCode} {await response.Content.ReadAsStringAsync()}");
                }
            }
        })).ToArray();

        for (var i = 1; i <= 100; i++)
        {
            Write(Variant(i, a.Url, b.Url, c.Url, w.Url));
            Assert.Contains("\"changes\":[\"", await PostAsync(program, HttpStatusCode.OK), StringComparison.Ordinal);
        }

        await end.CancelAsync();
        await Task.WhenAll(load);
        foreach (var socket in sockets)
        {
            Assert.Equal("still here", await WebSocketEcho.AskAsync(socket, "still here"));
            socket.Dispose();
        }

        Assert.Empty(failures);
    }

    private static string Variant(int i, string a, string b, string c, string w)
    {
        string[] urls = i % 2 == 0 ? [a, b, c] : [a, b];
        var backends = urls.Select((url, n) => $$"""{ "url": "{{url}}", "weight": {{1 + ((n + i) % 3)}} }""");
        return $$"""
            {
              "pools": { "web": { "backends": [{{string.Join(", ", backends)}}] }, "ws": { "backends": ["{{w}}"] } },
              "listeners": [{ "address": "127.0.0.1:0" }],
              "routes": [{ "path": "/ws", "pool": "ws" }, { "path": "/v{{i}}/*", "pool": "web" }, { "pool": "web" }],
              "accessLog": { "format": "off" }
            }
            """;
    }

    private static string Pool(
        string urls, string[]? listeners = null, string? tcp = null, (string Path, string Url)? route = null)
    {
        var pools = route is { } r
            ? $$""", "other": { "backends": ["{{r.Url}}"] } }, "routes": [{ "path": "{{r.Path}}", "pool": "other" }, { "pool": "web" }]"""
            : " }";
        string[] more = [.. listeners?.Select(l => "unix:" + l) ?? [], .. tcp is null ? Array.Empty<string>() : [tcp]];
        var addresses = string.Concat(more.Select(m => $$""", { "address": "{{m}}" }"""));
        return $$"""
            {
              "listeners": [{ "address": "127.0.0.1:0" }{{addresses}}],
              "pools": { "web": { "backends": ["{{urls}}"] }{{pools}}
            }
            """;
    }

    private static async Task<string> GetAsync(string unixPath)
    {
        Assert.True(ListenAddress.TryParse("unix:" + unixPath, out var address));
        using var client = AdminClient.Create(address, trust: null);
        return await client.GetStringAsync(new Uri("http://localhost/"));
    }

    private static async Task<string> PostAsync(RunningProgram program, HttpStatusCode expected)
    {
        using var content = new StringContent("", Encoding.UTF8, "application/json");
        using var answer = await Client.PostAsync(new Uri(program.AdminUrl, "/reload"), content);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == expected, $"{answer.StatusCode} {text}");
        return text;
    }

    // Of the same length and age as before, so that it is not read before the test says so.
    private void Write(string json)
    {
        System.IO.File.WriteAllText(File, json.PadRight(2000));
        System.IO.File.SetLastWriteTimeUtc(File, DateTime.UnixEpoch);
    }

    private async Task<RunningProgram> StartAsync(string json)
    {
        Write(json);
        var program = RunningProgram.Start("--config", File, "--admin", "127.0.0.1:0");
        await program.WaitUntilServingAsync();
        return program;
    }
}
