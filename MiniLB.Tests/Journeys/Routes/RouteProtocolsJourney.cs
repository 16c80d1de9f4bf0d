using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using MiniLB.Tests.Journeys.Http2.Backends;
using MiniLB.Tests.Journeys.Http2.Wire;

namespace MiniLB.Tests.Journeys.Routes;

/// <summary>Routes hold for HTTP/2 and for WebSockets as for all else, on both sides.</summary>
public sealed class RouteProtocolsJourney
{
    private const string Routes = """
        {"host": "row.test", "path": "/ws/*", "stripPrefix": "/ws", "addPrefix": "/tunnel", "pool": "b"},
        {"path": "/two/*", "stripPrefix": "/two", "pool": "c"}, {"path": "/moved", "redirect": "/new{query}"},
        {"path": "/one/*", "stripPrefix": "/one", "pool": "a"}
        """;

    [Fact]
    public async Task ClientOfHttp2_IsRouted()
    {
        await using var routed = await RoutedProgram.StartAsync(Routes);
        await using var client = await H2Connection.OpenAsync(routed.Program.Url);

        await client.SendAsync(Frame.Headers(1, Fields.Get("/one/x%7e?y")), Frame.Headers(3, Fields.Get("/none")),
            Frame.Headers(5, Fields.Get("/one%2fx")), Frame.Headers(7, Fields.Get("/moved?q")));

        Assert.Equal("a GET /x%7e?y", (await client.AnswerAsync(1)).Text);
        Assert.Equal(404, (await client.AnswerAsync(3)).Status);
        Assert.Equal(400, (await client.AnswerAsync(5)).Status);
        var moved = await client.AnswerAsync(7);
        Assert.Equal((308, "/new?q"), (moved.Status, moved.Of("location")));
    }

    [Fact]
    public async Task BackendOfHttp2_ReceivesTheRoutedTarget()
    {
        await using var backend = await KestrelBackend.StartAsync(c => c.Response.WriteAsync(
            $"{c.Features.Get<IHttpRequestFeature>()!.RawTarget} {c.Request.Headers["Max-Forwards"]}"));
        await using var routed = await RoutedProgram.StartAsync(Routes, ("c", backend.Url, "\"http\": \"2\""));
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Options, new Uri(routed.Program.Url, "/two/a%20b/?c"));
        request.Headers.Add("Max-Forwards", "3");

        using var response = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("/a%20b/?c 2", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task WebSocketOfHttp2_GoesToThePoolOfItsRoute()
    {
        await using var backend = WebSocketBackend.Start();
        await using var routed = await RoutedProgram.StartAsync(Routes, ("b", backend.Url, ""));
        await using var client = await H2Connection.OpenAsync(routed.Program.Url);

        await client.SendAsync(Frame.OpenHeaders(1, Fields.WebSocket("/ws/ws?room=1")));
        await client.UntilAsync(() => client.IsOver(1) || client.See(1, s => s.Status) is not null, "the head");
        Assert.Equal(200, client.See(1, s => s.Status));
        await client.SendAsync(Frame.Data(1, "one"));
        await client.UntilAsync(() => client.See(1, s => s.Text) == "one", "the echo");

        Assert.Equal("GET /tunnel/ws?room=1 HTTP/1.1", Assert.Single(backend.Requests).Line);
    }

    [Fact]
    public async Task WebSocket_HasTheTunnelTimeOfItsRoute()
    {
        await using var backend = WebSocketBackend.Start();
        await using var routed = await RoutedProgram.StartAsync(
            """{"path": "/ws/*", "pool": "b", "timeouts": {"tunnel": "300ms", "idle": "1h"}}""", ("b", backend.Url, ""));
        await using var client = await Harness.RawConnection.OpenAsync(routed.Program.Url);

        await client.SendAsync("GET /ws HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 101", await client.ReadHeadAsync(), StringComparison.Ordinal);
        Assert.Equal("", await client.ReadToEndAsync());
    }
}
