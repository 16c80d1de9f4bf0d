using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Http;
using MiniLB.Tests.Certificates;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Security;

/// <summary>A word is planted in every place that holds a secret; then everything is asked for, done right and done
/// wrong, and the word is in nothing that the program has said.</summary>
public sealed class SecretsJourney : IAsyncLifetime, IDisposable
{
    private const string Planted = "pl4nted";
    private const string Token = Planted + "-token-0123456789";

    private static readonly string[] AdminPaths =
    [
        "/", "/livez", "/readyz", "/health", "/metrics", "/stats", "/failures", "/config", "/backends",
        "/backends/web/127.0.0.1:1", "/nowhere", "/reload",
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly StringBuilder _said = new();
    private TestBackend _backend = null!;
    private Collector _collector = null!;

    private string ConfigFile => _folder.File("minilb.yaml");

    private string AccessLog => _folder.File("access.log");

    private string Certificate => _folder.File("site.pem");

    private string Key => _folder.File("site.key");

    private string TokenFile => _folder.File("token");

    public async Task InitializeAsync()
    {
        _backend = await TestBackend.StartAsync(c => c.Response.WriteAsync("hello"));
        _collector = await Collector.StartAsync();
        _folder.Write("token", Token + "\n");
        using var authority = new TestAuthority();
        var site = authority.Issue("CN=site", ["site.test"]);
        _folder.Write("site.pem", site.Pem);
        _folder.Write("site.key", $"{Planted}\n{site.Key}");
    }

    public async Task DisposeAsync()
    {
        await _collector.DisposeAsync();
        await _backend.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    public async Task Secrets_OfConfigurationAndClients_AreInNothingThatIsSaid(string format)
    {
        await using var program = RunningProgram.Start("--config", Write(Good(format)));
        await program.WaitUntilServingAsync();

        await SendAsClientAsync(program.Url);
        await AskAsOperatorAsync(program.AdminUrl);
        await RunVerbsAsync(program.AdminUrl.Authority);
        await ReloadBadlyAsync(program);
        await Eventually.True(() => _collector.Spans.Count > 0, "a span", () => program.Errors);
        Assert.Equal(0, await program.StopAsync());

        Note("standard output", program.Output);
        Note("standard error", program.Errors);
        Note("access log", await File.ReadAllTextAsync(AccessLog));
        Note("spans", string.Join('\n', _collector.Spans));
        Assert.Contains("(secret)", _said.ToString(), StringComparison.Ordinal);
        string[] found = [.. _said.ToString().Split('\n').Where(
            line => line.Contains(Planted, StringComparison.OrdinalIgnoreCase))];
        Assert.True(found.Length == 0, string.Join('\n', found));
    }

    [Fact]
    public async Task Readiness_OfAnInstanceWithAToken_TellsStrangersNothingOfTheConfiguration()
    {
        await using var program = RunningProgram.Start("--config", Write(Good("text")));
        await program.WaitUntilServingAsync();

        Write(Good("text").Replace("maxInFlight: 0", "maxInFlight: eleven", StringComparison.Ordinal));
        program.Signal("HUP");
        await program.SaysAsync("'eleven' is not a whole number");

        using var client = new HttpClient();
        var ready = await client.GetStringAsync(new Uri(program.AdminUrl, "/readyz"));
        Assert.Matches("^ready\nthe configuration was refused at [^ ]+Z, the one before is in effect: see the log\n$",
            ready);
    }

    private string Good(string format) =>
        $$"""
        listeners:
          - {address: "127.0.0.1:0"}
          - {address: "127.0.0.1:0", tls: {certificates: [{certificate: "{{Certificate}}", key: "{{Key}}"}]} }
        admin: {address: "127.0.0.1:0", token: {{Token}} }
        log: {level: debug, format: {{format}} }
        accessLog: {path: "{{AccessLog}}", requestHeaders: [User-Agent], responseHeaders: [Content-Type]}
        tracing: {enabled: true, sample: 1, otlp: "{{_collector.Url}}/v1/traces?key={{Planted}}"}
        headers:
          request:
            set: {Authorization: Bearer {{Planted}}, X-Api-Key: {{Planted}} }
            add: {Cookie: a={{Planted}} }
          response:
            set: {X-Auth-Token: {{Planted}} }
            add: {Set-Cookie: b={{Planted}} }
        routes:
          - {path: /dead/*, headers: {Authorization: Bearer {{Planted}} }, pool: dead}
          - {pool: web}
        pools:
          web:
            backends: [{url: "{{_backend.Url}}", maxInFlight: 0}]
            healthCheck: {headers: {Authorization: Basic {{Planted}}, Cookie: c={{Planted}} } }
            stickySession: {enabled: true, secret: {{Planted}}-secret}
          dead:
            backends: ["{{FailoverJourney.DeadUrl()}}"]
            healthCheck: {enabled: false}

        """;

    // Everything that is wrong has a secret beside it or in it.
    private string[] Bad() =>
    [
        Good("text").Replace(Token, $"\"{Planted} blank\"", StringComparison.Ordinal),
        Good("text").Replace("Authorization: Basic", "Authorization: \"\\t\"#", StringComparison.Ordinal),
        Good("text").Replace($"Authorization: Bearer {Planted}, X", $"Authorization: \"{Planted}\\n\", X",
            StringComparison.Ordinal),
        Good("text").Replace("http://127", $"http://user:{Planted}@127", StringComparison.Ordinal),
        Good("text").Replace("http://127", $"ftp://{Planted}@127", StringComparison.Ordinal),
        Good("text").Replace($"secret: {Planted}-secret", $"secret: [{Planted}]", StringComparison.Ordinal),
        Good("text").Replace($"add: {{Cookie: a={Planted} }}", $"add: \"Cookie: {Planted}\"", StringComparison.Ordinal),
        Good("text").Replace(Key, _folder.Write("wrong.key", Planted), StringComparison.Ordinal),
        Good("text").Replace(Certificate, Key, StringComparison.Ordinal),
        Good("text") + $"colour: {Planted}\n",
    ];

    private string Write(string yaml) => _folder.Write("minilb.yaml", yaml);

    private void Note(string what, string text) =>
        _said.AppendJoin('\n', text.Split('\n').Select(line => $"{what}: {line}")).Append('\n');

    private async Task SendAsClientAsync(Uri url)
    {
        string[] targets = ["/", "/dead/x", "/health", "/%zz", "/"];
        foreach (var target in targets)
        {
            await using var client = await RawConnection.OpenAsync(url);
            var method = target == "/health" ? "GET" : "POST";
            await client.SendAsync($"{method} {target} HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {Planted}\r\n"
                + $"Cookie: c={Planted}\r\nX-Api-Key: {Planted}\r\nContent-Length: 7\r\n\r\n{Planted}");
            var (head, body) = await client.ReadResponseAsync();
            // What a backend's answer is given is meant for the client.
            Note($"client, {target}", target == "/" ? body : head + body);
        }

        await using var broken = await RawConnection.OpenAsync(url);
        await broken.SendAsync($"GET / HTTP/1.1\r\nHost: h\r\nAuthorization : Bearer {Planted}\r\n\r\n");
        Note("client, broken", await broken.ReadToEndAsync());

        using var http2 = new HttpClient
        {
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        http2.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Planted);
        using var answer = await http2.GetAsync(new Uri(url, "/dead/x"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Note("client, HTTP/2", await answer.Content.ReadAsStringAsync());
    }

    private async Task AskAsOperatorAsync(Uri admin)
    {
        string?[] tokens = [Token, null, "wrong-" + Planted];
        foreach (var token in tokens)
        {
            using var client = new HttpClient { BaseAddress = admin };
            client.DefaultRequestHeaders.Authorization =
                token is null ? null : new AuthenticationHeaderValue("Bearer", token);
            foreach (var path in AdminPaths)
            {
                using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
                Note($"GET {path}", answer + "\n" + await answer.Content.ReadAsStringAsync());
            }

            using var events = await client.GetAsync(
                new Uri("/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
            using var reader = new StreamReader(await events.Content.ReadAsStreamAsync());
            Note("GET /events", $"{await reader.ReadLineAsync()}\n{await reader.ReadLineAsync()}");
            using var weight = new StringContent(Planted, new MediaTypeHeaderValue("application/json"));
            using var refused = await client.PutAsync(
                new Uri("/backends/dead/127.0.0.1:1/weight", UriKind.Relative), weight);
            Note("PUT weight", await refused.Content.ReadAsStringAsync());
        }
    }

    private async Task RunVerbsAsync(string admin)
    {
        var backend = "web/" + new Uri(_backend.Url).Authority;
        string[][] verbs =
        [
            ["drain", backend], ["enable", backend], ["disable", backend], ["enable", backend],
            ["weight", backend, "3"], ["reload"], ["status"], ["status", "--json"], ["failures"],
        ];
        foreach (var verb in verbs)
        {
            await NoteRunAsync(0, [.. verb, "--admin", admin, "--token-file", TokenFile]);
        }

        await NoteRunAsync(2, ["status", "--admin", admin]);
        await NoteRunAsync(2, ["status", "--admin", admin, "--token-file", _folder.Write("short", Planted)]);
        await NoteRunAsync(2, ["status", "--admin", admin, "--token-file",
            _folder.Write("other", Planted + "-another-0123456789")]);
        await NoteRunAsync(0, ["check", "--config", ConfigFile]);
        await NoteRunAsync(0, ["check", "--config", ConfigFile, "--explain"]);
        await NoteRunAsync(0, ["check", "--config", ConfigFile, "--diff", "--admin", admin]);
        await NoteRunAsync(0, ["check", "--config", ConfigFile, "--probe"]);
        await NoteRunAsync(2, ["check", "--backend", $"http://user:{Planted}@h"]);
        await NoteRunAsync(2, ["check", "--backend", "http://h", "--set", $"admin.token={Planted} x"]);
    }

    private async Task ReloadBadlyAsync(RunningProgram program)
    {
        using var client = new HttpClient { BaseAddress = program.AdminUrl };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        foreach (var bad in Bad())
        {
            Write(bad);
            await NoteRunAsync(2, ["check", "--config", ConfigFile]);
            using var nothing = new StringContent("", new MediaTypeHeaderValue("application/json"));
            using var answer = await client.PostAsync(new Uri("/reload", UriKind.Relative), nothing);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
            Note("POST /reload", await answer.Content.ReadAsStringAsync());
            Note("GET /readyz", await client.GetStringAsync(new Uri("/readyz", UriKind.Relative)));
        }

        Write(Good("text").Replace(Planted + "-secret", Planted + "-changed", StringComparison.Ordinal)
            .Replace($"Bearer {Planted}", $"Bearer {Planted}2", StringComparison.Ordinal));
        await NoteRunAsync(0, ["reload", "--admin", program.AdminUrl.Authority, "--token-file", TokenFile]);
    }

    private async Task NoteRunAsync(int exitCode, string[] arguments)
    {
        await using var run = await RunningProgram.RunAsync(arguments);
        Note($"minilb {arguments[0]}", $"{run.Output}\n{run.Errors}");
        Assert.True(exitCode == run.ExitCode, $"{arguments[0]}: {run.ExitCode}: {run.Output}{run.Errors}");
    }
}
