using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using MiniLB.Tests.Journeys.Harness;
using MiniLB.Tests.Journeys.Http2.Backends;
using MiniLB.Tests.Journeys.Http2.Wire;

namespace MiniLB.Tests.Journeys.Http2;

/// <summary>A pool of HTTP/2 backends serves clients of either version: bodies both ways at once, trailers, breaks, and
/// restarts.</summary>
public sealed class TowardsBackendsJourney
{
    private const string Http2 = "pools.default.http=2";
    private const int RestartLoad = 16;

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Get_ReachesTheBackendOverHttp2AsItWasSent(string version)
    {
        await using var backend = await KestrelBackend.StartAsync(async c =>
        {
            var target = c.Features.Get<IHttpRequestFeature>()!.RawTarget;
            c.Response.Headers.SetCookie = new(["a=1", "b=2"]);
            c.Response.Headers["x-protocol"] = c.Request.Protocol;
            await c.Response.WriteAsync($"{c.Request.Method} {target} {c.Request.Host} {c.Request.Headers["x-a"]}");
        });
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url, "--set", Http2);
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(program.Url, "/a%2Fb?c=%20"))
        {
            Version = Version.Parse(version), VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Headers = { Host = "row.test" },
        };
        request.Headers.Add("x-a", ["1", "2"]);

        using var response = await client.SendAsync(request);

        var seen = await response.Content.ReadAsStringAsync();
        Assert.Equal("GET /a%2Fb?c=%20 row.test 1,2", seen.Replace("1, 2", "1,2", StringComparison.Ordinal));
        Assert.Equal(Version.Parse(version), response.Version);
        Assert.Equal(["HTTP/2"], response.Headers.GetValues("x-protocol"));
        Assert.Equal(["a=1", "b=2"], response.Headers.GetValues("Set-Cookie"));
    }

    [Fact]
    public async Task TenMegabytesBothWaysAtOnce_ComeBackUnchangedBeforeTheirEnd()
    {
        await using var backend = await KestrelBackend.StartAsync(StreamsJourney.EchoAsync);
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url, "--set", Http2);
        await using var client = await H2Connection.OpenAsync(program.Url);
        var body = RandomNumberGenerator.GetBytes(10_000_000);

        await client.SendAsync(Frame.OpenHeaders(1, Fields.Post("/")));
        await client.SendBodyAsync(1, body, end: false);
        await client.UntilAsync(() => client.IsOver(1) || client.See(1, s => s.Body.Length) == body.Length, "the echo");
        Assert.False(client.IsOver(1), "it ended before the client's side did: " + program.Errors);
        await client.SendAsync(Frame.Data(1, "", end: true));

        var answer = await client.AnswerAsync(1);
        Assert.True(body.AsSpan().SequenceEqual(answer.Body.ToArray()), answer.ToString());
    }

    [Fact]
    public async Task Probes_SpeakTheProtocolOfThePool()
    {
        await using var backend = await KestrelBackend.StartAsync(c => c.Response.WriteAsync("hello"));
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", backend.Url, "--set", Http2, "--set", "pools.default.healthCheck.path=/healthz");

        // Over HTTP/1.1 the backend would answer 400, which with a path counts as down.
        await program.SaysAsync("is up: status 200");
    }

    [Fact]
    public async Task TrailersOfTheBackend_ReachTheClient()
    {
        await using var backend = await KestrelBackend.StartAsync(async c =>
        {
            c.Response.DeclareTrailer("grpc-status");
            await c.Response.WriteAsync("body");
            await c.Request.Body.CopyToAsync(Stream.Null);
            c.Response.AppendTrailer("grpc-status", "42");
        });
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url, "--set", Http2);
        await using var client = await H2Connection.OpenAsync(program.Url);

        await client.SendAsync(
            Frame.OpenHeaders(1, Fields.Post("/", ("te", "trailers"))), Frame.Data(1, "abc"),
            Frame.Headers(1, ("x-sum", "1")));

        var answer = await client.AnswerAsync(1);
        Assert.Equal("body", answer.Text);
        Assert.Equal([("grpc-status", "42")], answer.Trailers ?? []);
    }

    [Fact]
    public async Task BackendThatResetsAmidTheBody_BreaksTheClientsResponse()
    {
        await using var backend = await KestrelBackend.StartAsync(async c =>
        {
            await c.Response.WriteAsync("half");
            await c.Response.Body.FlushAsync();
            c.Abort();
        });
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url, "--set", Http2);
        await using var newer = await H2Connection.OpenAsync(program.Url);
        await using var older = await RawConnection.OpenAsync(program.Url);

        await newer.SendAsync(Frame.Headers(1, Fields.Get("/")));
        await older.SendAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");

        Assert.True(Rows.Outcome.Broken.Holds(await BrokenAsync(newer)), newer.ToString());
        var text = await older.ReadToEndAsync();
        Assert.False(
            text.StartsWith("HTTP/1.1 200", StringComparison.Ordinal)
                && text.EndsWith("0\r\n\r\n", StringComparison.Ordinal),
            text);
    }

    [Fact]
    public async Task BackendsThatRestartUnderLoad_FailNoGet()
    {
        await using var a = await KestrelBackend.StartAsync(c => c.Response.WriteAsync("hello"));
        await using var b = await KestrelBackend.StartAsync(c => c.Response.WriteAsync("hello"));
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", a.Url, "--backend", b.Url, "--set", Http2, "--set", "accessLog.format=off",
            "--set", "pools.default.healthCheck.downInterval=100ms", "--set", "pools.default.healthCheck.rise=1");
        using var client = new HttpClient();
        using var end = new CancellationTokenSource();
        var failures = new ConcurrentQueue<string>();
        var load = Enumerable.Range(0, RestartLoad)
            .Select(i => Task.Run(() => AskAsync(client, program.Url, i % 2 == 0, failures, end.Token))).ToArray();

        foreach (var backend in new[] { a, b, a, b })
        {
            // Whoever was restarted is in rotation again: with both away nothing could be answered.
            var (beforeA, beforeB) = (a.Requests, b.Requests);
            await Eventually.True(
                () => a.Requests > beforeA + 300 && b.Requests > beforeB + 300, "traffic at both backends");
            await backend.StopAsync(); // says GOAWAY
            await backend.StartAgainAsync();
        }

        await end.CancelAsync();
        await Task.WhenAll(load);
        Assert.Empty(failures);
    }

    private static async Task AskAsync(
        HttpClient client, Uri url, bool newer, ConcurrentQueue<string> failures, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url)
            {
                Version = newer ? HttpVersion.Version20 : HttpVersion.Version11,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            try
            {
                using var response = await client.SendAsync(request, CancellationToken.None);
                var text = await response.Content.ReadAsStringAsync(CancellationToken.None);
                if (text != "hello")
                {
                    failures.Enqueue($"{response.StatusCode} {text}");
                }
            }
            catch (HttpRequestException e)
            {
                failures.Enqueue(e.Message);
            }
        }
    }

    private static async Task<Rows.Seen> BrokenAsync(H2Connection client)
    {
        await client.AnswerAsync(1);
        return client.Look(1, s => s);
    }
}
