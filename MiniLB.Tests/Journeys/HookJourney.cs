using System.Net;
using Microsoft.AspNetCore.Http;
using MiniLB.RequestPath.Hooks;
using MiniLB.Tests.Journeys.Harness;
using MiniLB.Tests.Journeys.Http2.Backends;
using MiniLB.Tests.Journeys.Http2.Wire;
using MiniLB.Tests.Samples;

namespace MiniLB.Tests.Journeys;

/// <summary>A fork's hook answers requests, changes fields both ways and fails without harm, in every pairing of
/// versions.</summary>
public sealed class HookJourney
{
    private const string Ok = "HTTP/1.1 200 OK\r\nServer: odd\r\nContent-Length: 2\r\n\r\nok";

    private static readonly ApiKeyHook Keys = new(new Dictionary<string, string> { ["k1"] = "ann" });

    [Theory]
    [InlineData("1.1", "1.1")]
    [InlineData("2.0", "1.1")]
    [InlineData("1.1", "2")]
    [InlineData("2.0", "2")]
    public async Task Sample_LetsKnownKeysInAndNobodyElse(string version, string http)
    {
        await using var older = await TestBackend.StartAsync(EchoAsync);
        await using var newer = await KestrelBackend.StartAsync(EchoAsync);
        await using var balancer = await HostedBalancer.StartAsync(http == "2" ? newer.Url : older.Url, http, Keys);
        using var client = new HttpClient();

        using var refused = await AskAsync(client, balancer.Url, version, key: "k2");
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal("an X-Api-Key is needed\n", await refused.Content.ReadAsStringAsync());
        Assert.Equal("text/plain", refused.Content.Headers.ContentType!.ToString());
        Assert.Equal("ApiKey", refused.Headers.WwwAuthenticate.ToString());
        Assert.Equal(0, older.Requests + newer.Requests);

        using var served = await AskAsync(client, balancer.Url, version, key: "k1");
        Assert.Equal("key [] owner [ann]", await served.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, served.StatusCode);
        Assert.Equal(32, Assert.Single(served.Headers.GetValues("X-Failed-Request")).Length);
        Assert.Empty(served.Headers.Server);
        Assert.Equal(Version.Parse(version), served.Version);
    }

    [Fact]
    public async Task WhatTheHookSets_CannotBeStrippedOrForgedByTheClient()
    {
        await using var backend = RawBackend.Answering(Ok);
        await using var balancer = await HostedBalancer.StartAsync(backend.Url, "1.1", Keys);
        await using var client = await RawConnection.OpenAsync(balancer.Url);

        await client.SendAsync("GET / HTTP/1.1\r\nHost: h\r\nX-Api-Key: k1\r\nX-Api-Owner: root\r\n"
            + "Connection: X-Api-Owner\r\n\r\n");
        var (head, body) = await client.ReadResponseAsync();

        Assert.Equal("ok", body);
        Assert.DoesNotContain("Server:", head, StringComparison.Ordinal);
        var sent = Assert.Single(backend.Heads);
        Assert.Contains("\r\nX-Api-Owner: ann\r\n", sent, StringComparison.Ordinal);
        Assert.DoesNotContain("root", sent, StringComparison.Ordinal);
        Assert.DoesNotContain("k1", sent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RefusedUpload_LeavesTheConnectionInStep()
    {
        await using var backend = RawBackend.Answering(Ok);
        await using var balancer = await HostedBalancer.StartAsync(backend.Url, "1.1", Keys);
        await using var client = await RawConnection.OpenAsync(balancer.Url);

        await client.SendAsync("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 26\r\n\r\n"
            + "GET /smuggled HTTP/1.1\r\n\r\n");
        var (refused, _) = await client.ReadResponseAsync();
        await client.SendAsync("GET / HTTP/1.1\r\nHost: h\r\nX-Api-Key: k1\r\n\r\n");
        var (served, _) = await client.ReadResponseAsync();

        Assert.StartsWith("HTTP/1.1 401 ", refused, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200 ", served, StringComparison.Ordinal);
        Assert.Single(backend.Heads);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task HookThatThrows_FailsItsRequestAndNoOther(string version)
    {
        await using var backend = await TestBackend.StartAsync();
        await using var balancer = await HostedBalancer.StartAsync(backend.Url, "1.1", new Thrower());
        using var client = new HttpClient();

        foreach (var (path, status) in ((string, int)[])[("request", 500), ("", 200), ("response", 500), ("", 200)])
        {
            using var response = await AskAsync(client, new Uri(balancer.Url, path), version, key: null);
            var text = await response.Content.ReadAsStringAsync();
            Assert.Equal(status, (int)response.StatusCode);
            Assert.Equal(status == 500, text.Contains("urn:minilb:problem:hook-failed", StringComparison.Ordinal));
        }

        Assert.Equal(3, backend.Requests);
    }

    [Fact]
    public async Task SuccessOfAHook_DoesNotOpenAWebSocketOverHttp2()
    {
        await using var backend = RawBackend.Answering(Ok);
        await using var balancer = await HostedBalancer.StartAsync(backend.Url, "1.1", new Welcomer());
        await using var client = await H2Connection.OpenAsync(balancer.Url);

        await client.SendAsync(Frame.OpenHeaders(1, Fields.WebSocket("/ws")), Frame.Headers(3, Fields.Get("/")));

        Assert.Equal(500, (await client.AnswerAsync(1)).Status);
        Assert.Equal(200, (await client.AnswerAsync(3)).Status);
        Assert.Empty(backend.Heads);
    }

    private static Task EchoAsync(HttpContext context)
    {
        context.Response.StatusCode = 503;
        context.Response.Headers.Server = "odd";
        return context.Response.WriteAsync(
            $"key [{context.Request.Headers["X-Api-Key"]}] owner [{context.Request.Headers["X-Api-Owner"]}]");
    }

    private static async Task<HttpResponseMessage> AskAsync(HttpClient client, Uri url, string version, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url)
        {
            Version = Version.Parse(version), VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Add("X-Api-Key", key);
        return await client.SendAsync(request);
    }

    private sealed class Thrower : RequestHook
    {
        public override HookAnswer? OnRequest(HookRequest request) =>
            request.Target == "/request" ? throw new FormatException("at the request") : null;

        public override void OnResponse(HookRequest request, HookResponse response)
        {
            if (request.Target == "/response")
            {
                throw new FormatException("at the answer");
            }
        }
    }

    private sealed class Welcomer : RequestHook
    {
        public override HookAnswer OnRequest(HookRequest request) => new(200);
    }
}
