using System.Security.Cryptography;
using MiniLB.Tests.Journeys.Harness;
using MiniLB.Tests.Journeys.Http2.Backends;
using MiniLB.Tests.Journeys.Http2.Wire;

namespace MiniLB.Tests.Journeys.Http2;

/// <summary>A WebSocket over a stream of HTTP/2 (RFC 8441) becomes an upgrade at an HTTP/1.1 backend.</summary>
public sealed class WebSocketJourney : IAsyncLifetime
{
    private WebSocketBackend _backend = null!;
    private RunningProgram _program = null!;

    public async Task InitializeAsync()
    {
        _backend = WebSocketBackend.Start();
        _program = await RunningProgram.BalanceAsync("--backend", _backend.Url);
    }

    public async Task DisposeAsync()
    {
        await _program.DisposeAsync();
        await _backend.DisposeAsync();
    }

    [Fact]
    public async Task Settings_SayThatExtendedConnectIsTaken()
    {
        await using var client = await H2Connection.OpenAsync(_program.Url);
        await client.UntilAsync(() => client.Settled, "the settings");

        Assert.Equal(1u, client.Setting(Setting.EnableConnectProtocol));
    }

    [Fact]
    public async Task ExtendedConnect_IsAnUpgradeAtTheBackendAnd200AtTheClient()
    {
        await using var client = await H2Connection.OpenAsync(_program.Url);
        await client.SendAsync(Frame.OpenHeaders(1, Fields.WebSocket(
            "/ws?room=1", ("sec-websocket-protocol", "chat"), ("origin", "http://row.test"))));

        await client.UntilAsync(() => client.IsOver(1) || client.See(1, s => s.Status) is not null, "the head");
        Assert.Equal(200, client.See(1, s => s.Status));
        Assert.Equal("chat", client.See(1, s => s.Of("sec-websocket-protocol")));
        Assert.Null(client.See(1, s => s.Of("sec-websocket-accept") ?? s.Of("upgrade") ?? s.Of("connection")));
        var request = Assert.Single(_backend.Requests);
        Assert.Equal("GET /ws?room=1 HTTP/1.1", request.Line);
        Assert.Equal(["row.test"], request.Values("Host"));
        Assert.Equal("websocket", Assert.Single(request.Values("Upgrade")), ignoreCase: true);
        Assert.Contains("upgrade", Assert.Single(request.Values("Connection")), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(16, Convert.FromBase64String(Assert.Single(request.Values("Sec-WebSocket-Key"))).Length);
        Assert.Equal(["13"], request.Values("Sec-WebSocket-Version"));
        Assert.Equal(["chat"], request.Values("Sec-WebSocket-Protocol"));
        Assert.Equal(["http://row.test"], request.Values("Origin"));
        Assert.Empty(request.Values("Content-Length").Concat(request.Values("Transfer-Encoding")));
    }

    [Fact]
    public async Task Bytes_PassBothWaysAndTheEndOfOneSideLeavesTheOtherOpen()
    {
        await using var client = await OpenAsync("/ws");
        await client.SendAsync(Frame.Data(1, "one"));
        await SeesAsync(client, "one");
        await client.SendAsync(Frame.Data(1, "two"));
        await SeesAsync(client, "onetwo");

        await client.SendAsync(Frame.Data(1, "", end: true));

        Assert.Equal("onetwoafter the end", (await client.AnswerAsync(1)).Text);
        Assert.Null(client.See(1, s => s.Reset));
    }

    [Fact]
    public async Task BackendThatEndsItsSide_StillGetsWhatTheClientSends()
    {
        await using var client = await OpenAsync("/ws-ends");
        await client.UntilAsync(() => client.See(1, s => s.Ended), "the end of the backend's side");
        Assert.Equal("goodbye", client.See(1, s => s.Text));

        await client.SendAsync(Frame.Data(1, "late"), Frame.Data(1, " words", end: true));

        await Eventually.True(() => !_backend.Late.IsEmpty, "the end at the backend", client.ToString);
        Assert.Equal(["late words"], _backend.Late);
    }

    [Fact]
    public async Task LargeMessages_PassUnchanged()
    {
        await using var client = await OpenAsync("/ws");
        var message = RandomNumberGenerator.GetBytes(3_000_000);

        await client.SendBodyAsync(1, message, end: false);

        await client.UntilAsync(
            () => client.IsOver(1) || client.See(1, s => s.Body.Length) >= message.Length, "the echo");
        Assert.True(message.AsSpan().SequenceEqual(client.See(1, s => s.Body.ToArray())));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ClientThatLeaves_EndsTheTunnelAtTheBackend(bool wholeConnection)
    {
        await using var client = await OpenAsync("/ws");
        if (wholeConnection)
        {
            client.ResetConnection();
        }
        else
        {
            await client.SendAsync(Frame.Reset(1));
        }

        await Eventually.True(() => _backend.Ended == 1, "the end at the backend");
    }

    [Fact]
    public async Task BackendThatResets_ResetsTheStreamAlone()
    {
        await using var client = await OpenAsync("/ws-reset");
        await client.SendAsync(Frame.Data(1, "x"));

        await client.UntilAsync(() => client.IsOver(1), "the reset");

        Assert.False(client.See(1, s => s.Ended), client.ToString());
        Assert.False(client.Closed);
        await client.SendAsync(Frame.Headers(3, Fields.Get("/ws-plain")));
        Assert.Equal("ok", (await client.AnswerAsync(3)).Text);
    }

    [Theory]
    [InlineData("/ws-refuse", 403, "no")]
    [InlineData("/ws-plain", 502, null)] // 200 would be a tunnel to the client
    [InlineData("/ws-other", 502, null)]
    [InlineData("/ws-false", 502, null)]
    public async Task AnswerThatIsNoUpgrade_NeverOpensATunnel(string path, int status, string? body)
    {
        await using var client = await H2Connection.OpenAsync(_program.Url);
        await client.SendAsync(Frame.OpenHeaders(1, Fields.WebSocket(path)));

        var answer = await client.AnswerAsync(1);

        Assert.Equal(status, answer.Status);
        Assert.True(body is null || body == answer.Text, answer.ToString());
    }

    [Theory]
    [InlineData("smuggled")]
    [InlineData("")]
    [InlineData("web socket")]
    [InlineData("websocket\r\nsmuggled: 1")]
    [InlineData("h2c")]
    public async Task ProtocolOtherThanWebSocket_IsRefused(string protocol)
    {
        await using var client = await H2Connection.OpenAsync(_program.Url);
        await client.SendAsync(Frame.OpenHeaders(
            1, Fields.WebSocket("/ws").Select(f => f.Name == ":protocol" ? (f.Name, protocol) : f)));

        var answer = await client.AnswerAsync(1);

        Assert.True(answer.Status >= 400 || answer.Reset is not null || client.Closed, answer.ToString());
        Assert.Empty(_backend.Requests);
    }

    [Theory]
    [InlineData(":path")]
    [InlineData(":scheme")]
    [InlineData(":authority")]
    public async Task ExtendedConnectWithout_IsRefused(string missing)
    {
        await using var client = await H2Connection.OpenAsync(_program.Url);
        await client.SendAsync(Frame.OpenHeaders(1, Fields.WebSocket("/ws").Where(f => f.Name != missing)));

        var answer = await client.AnswerAsync(1);

        Assert.True(answer.Status is 400 || answer.Reset is not null || client.Closed, answer.ToString());
        Assert.Empty(_backend.Requests);
    }

    private async Task<H2Connection> OpenAsync(string path)
    {
        var client = await H2Connection.OpenAsync(_program.Url);
        await client.SendAsync(Frame.OpenHeaders(1, Fields.WebSocket(path)));
        await client.UntilAsync(() => client.IsOver(1) || client.See(1, s => s.Status) is not null, "the tunnel");
        Assert.Equal(200, client.See(1, s => s.Status));
        return client;
    }

    private static Task SeesAsync(H2Connection client, string text) =>
        client.UntilAsync(() => client.See(1, s => s.Text) == text, $"'{text}' back");
}
