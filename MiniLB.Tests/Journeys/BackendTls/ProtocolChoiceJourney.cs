using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using MiniLB.Tests.Journeys.Harness;
using MiniLB.Tests.Journeys.Peers;

namespace MiniLB.Tests.Journeys.BackendTls;

/// <summary>Where the pool leaves it to them, https backends choose between HTTP/2 and HTTP/1.1 when they are connected
/// to, and may choose anew.</summary>
public sealed class ProtocolChoiceJourney : IDisposable
{
    private const string SaysProtocol = "location / { return 200 $server_protocol; }";

    private static readonly HttpClient Client = new();

    private readonly TestCertificates _ours = new();

    public void Dispose() => _ours.Dispose();

    [Theory]
    [InlineData("auto", "ssl http2", "HTTP/2.0")]
    [InlineData("auto", "ssl", "HTTP/1.1")]
    [InlineData("2", "ssl http2", "HTTP/2.0")]
    [InlineData("1.1", "ssl http2", "HTTP/1.1")]
    public async Task Backend_IsSpokenToInWhatItChooses(string http, string listen, string protocol)
    {
        var certificate = _ours.Server("127.0.0.1");
        await using var nginx = await NginxPeer.StartTlsAsync(certificate, "");
        await nginx.StartAgainAsync(certificate, listen, SaysProtocol);
        await using var program = await StartAsync(http, nginx.Url);

        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(protocol, await Client.GetStringAsync(program.Url));
        }

        await program.SaysAsync("is up: status 200");
        // One connection serves them all, the one that was made to learn it.
        await Eventually.True(() => nginx.Requests.Length == 5, "nginx logs all");
        Assert.Single(nginx.Requests.Select(l => l.Split(' ')[0]).Distinct());
    }

    [Fact]
    public async Task BackendWithoutHttp2_WhereHttp2IsWanted_IsDownAndSaysWhy()
    {
        await using var nginx = await NginxPeer.StartTlsAsync(_ours.Server("127.0.0.1"), SaysProtocol);
        await using var program = await StartAsync("2", nginx.Url);

        await program.SaysAsync("is down: it agrees to no version of HTTP that this pool may speak (http)");
    }

    [Fact]
    public async Task HttpBackend_OfAPoolThatLeavesTheChoice_GetsHttp11()
    {
        await using var backend = await TestBackend.StartAsync(c => c.Response.WriteAsync(c.Request.Protocol));
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", backend.Url, "--set", "pools.default.http=auto");

        Assert.Equal("HTTP/1.1", await Client.GetStringAsync(program.Url));
        await program.SaysAsync("is up: status 200");
    }

    [Fact]
    public async Task BackendsThatChangeTheirChoiceUnderLoad_FailNoGet()
    {
        var certificate = _ours.Server("127.0.0.1");
        await using var a = await NginxPeer.StartTlsAsync(certificate, SaysProtocol);
        await using var b = await NginxPeer.StartTlsAsync(certificate, SaysProtocol);
        await using var program = await StartAsync("auto", a.Url, b.Url);
        await using var load = new GetLoad(program.Url, 16);
        await load.GoesOnAsync(300);

        foreach (var listen in new[] { "ssl http2", "ssl", "ssl http2" })
        {
            foreach (var nginx in new[] { a, b })
            {
                var before = nginx.Requests.Length;
                await nginx.StartAgainAsync(certificate, listen, SaysProtocol);
                await AdminOf.SeesAsync(program, nginx.Url, d => d.Alive, "that it is back");
                await Eventually.True(() => nginx.Requests.Length > before + 200, "traffic at it again");
                // One that is being sent again, after a wait, would meet the next restart as well.
                await load.EachAsksAnewAsync();
            }

            var protocol = listen == "ssl" ? "HTTP/1.1" : "HTTP/2.0";
            Assert.Equal(protocol, await Client.GetStringAsync(program.Url));
        }

        await load.EndAsync();
        Assert.True(load.Failures.IsEmpty, $"{string.Join('\n', load.Failures)}\n{program.Errors}");
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("1.1")]
    public async Task WebSocket_GoesThrough_WhateverElseTheBackendChooses(string http)
    {
        await using var echo = await WebSocketEcho.StartAsync();
        var certificate = _ours.Server("127.0.0.1");
        await using var nginx = await NginxPeer.StartTlsAsync(certificate, "");
        await nginx.StartAgainAsync(certificate, "ssl http2", $$"""
            location /echo {
              proxy_pass {{echo.Url}}; proxy_http_version 1.1;
              proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade;
            }
            location / { return 200 $server_protocol; }
            """);
        await using var program = await StartAsync(http, nginx.Url);
        Assert.Equal(http == "auto" ? "HTTP/2.0" : "HTTP/1.1", await Client.GetStringAsync(program.Url));

        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"ws://{program.Url.Authority}/echo"), CancellationToken.None);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal($"message {i}", await WebSocketEcho.AskAsync(socket, $"message {i}"));
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
    }

    private Task<RunningProgram> StartAsync(string http, params string[] urls) => RunningProgram.BalanceAsync([
        .. urls.SelectMany(u => new[] { "--backend", u }), "--set", $"pools.default.http={http}",
        "--set", $"pools.default.tls.ca={_ours.Ca}", "--set", "accessLog.format=off",
        "--set", "pools.default.healthCheck.downInterval=100ms", "--set", "pools.default.healthCheck.rise=1"]);
}
