using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Peers;

/// <summary>WebSockets pass with .NET's client and Kestrel's server at their ends.</summary>
public sealed class WebSocketJourney
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);
    private static readonly HttpMessageInvoker Http2 = new(new SocketsHttpHandler());

    [Theory]
    [InlineData("1.1", false)]
    [InlineData("1.1", true)]
    [InlineData("2.0", false)]
    [InlineData("2.0", true)]
    public async Task MessagesOfAnySize_ComeBackUnchanged(string version, bool compressed)
    {
        await using var server = await WebSocketPeer.EchoAsync();
        await using var program = await RunningProgram.BalanceAsync("--backend", server.Url);
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = new Version(version);
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        socket.Options.DangerousDeflateOptions = compressed ? new WebSocketDeflateOptions() : null;

        await ConnectAsync(socket, program);

        foreach (var size in new[] { 0, 1, 125, 126, 65_535, 65_536, 4_194_305 })
        {
            var message = RandomNumberGenerator.GetBytes(size);
            await socket.SendAsync(message, WebSocketMessageType.Binary, true, CancellationToken.None);
            var received = await ReceiveAsync(socket, WebSocketMessageType.Binary);
            Assert.True(message.AsSpan().SequenceEqual(received), $"{size} bytes");
        }

        await socket.SendAsync("caf\u00e9"u8.ToArray(), WebSocketMessageType.Text, true, CancellationToken.None);
        Assert.Equal("caf\u00e9"u8.ToArray(), await ReceiveAsync(socket, WebSocketMessageType.Text));
    }

    [Fact]
    public async Task Handshake_PassesProtocolsAndFieldsBothWays()
    {
        await using var server = await WebSocketPeer.EchoAsync();
        await using var program = await RunningProgram.BalanceAsync("--backend", server.Url);
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("first");
        socket.Options.AddSubProtocol("second");
        socket.Options.SetRequestHeader("X-Sent", "by the client");
        socket.Options.CollectHttpResponseDetails = true;

        await ConnectAsync(socket, program);

        Assert.Equal("second", socket.SubProtocol);
        Assert.Equal(HttpStatusCode.SwitchingProtocols, socket.HttpStatusCode);
        Assert.Equal(["by the client"], socket.HttpResponseHeaders!["X-Seen"]);
    }

    [Fact]
    public async Task MuchInBothDirectionsAtOnce_ArrivesWhole()
    {
        await using var server = await WebSocketPeer.EchoAsync();
        await using var program = await RunningProgram.BalanceAsync("--backend", server.Url);
        using var socket = new ClientWebSocket();
        await ConnectAsync(socket, program);
        var message = RandomNumberGenerator.GetBytes(32 * 1024 * 1024);

        var sending = socket.SendAsync(message, WebSocketMessageType.Binary, true, CancellationToken.None);
        var received = await ReceiveAsync(socket, WebSocketMessageType.Binary);
        await sending;

        Assert.True(message.AsSpan().SequenceEqual(received));
    }

    [Fact]
    public async Task TwoHundredSockets_TalkBesideEachOther()
    {
        await using var server = await WebSocketPeer.EchoAsync();
        await using var program = await RunningProgram.BalanceAsync("--backend", server.Url);
        var sockets = Enumerable.Range(0, 200).Select(_ => new ClientWebSocket()).ToArray();
        await Task.WhenAll(sockets.Select(s => ConnectAsync(s, program)));

        await Task.WhenAll(sockets.Select(async (socket, i) =>
        {
            await socket.SendAsync(new[] { (byte)i }, WebSocketMessageType.Binary, true, CancellationToken.None);
            Assert.Equal([(byte)i], await ReceiveAsync(socket, WebSocketMessageType.Binary));
        }));

        Array.ForEach(sockets, s => s.Dispose());
        var lines = await AccessLines.WaitAsync(program, 200);
        Assert.All(lines, line => Assert.Equal(101, line.GetProperty("status").GetInt32()));
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task SocketThatOutlivesTheGraceOfAStop_IsCutAndTheExitIsClean(string version)
    {
        await using var server = await WebSocketPeer.EchoAsync();
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", server.Url, "--set", "shutdown.grace=1s");
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = new Version(version);
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        await ConnectAsync(socket, program);

        program.Signal("TERM");
        await program.SaysAsync("stopping");
        await socket.SendAsync("still here"u8.ToArray(), WebSocketMessageType.Text, true, CancellationToken.None);
        Assert.Equal("still here"u8.ToArray(), await ReceiveAsync(socket, WebSocketMessageType.Text));

        await Assert.ThrowsAsync<WebSocketException>(() => ReceiveAsync(socket, WebSocketMessageType.Text));
        Assert.Equal(0, await program.WaitForEndAsync());
    }

    [Fact]
    public async Task CloseByTheClient_IsHeardAndAnswered()
    {
        await using var server = await WebSocketPeer.EchoAsync();
        await using var program = await RunningProgram.BalanceAsync("--backend", server.Url);
        using var socket = new ClientWebSocket();
        await ConnectAsync(socket, program);

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", CancellationToken.None).WaitAsync(Soon);

        Assert.Equal(WebSocketState.Closed, socket.State);
        Assert.Equal("heard: bye", socket.CloseStatusDescription);
    }

    [Fact]
    public async Task CloseByTheServer_IsHeardAndAnswered()
    {
        var closed = new TaskCompletionSource<WebSocketState>();
        await using var server = await WebSocketPeer.StartAsync(async (socket, _) =>
        {
            await socket.CloseAsync(WebSocketCloseStatus.EndpointUnavailable, "later", CancellationToken.None);
            closed.SetResult(socket.State);
        });
        await using var program = await RunningProgram.BalanceAsync("--backend", server.Url);
        using var socket = new ClientWebSocket();
        await ConnectAsync(socket, program);

        var close = await socket.ReceiveAsync(new byte[1].AsMemory(), CancellationToken.None).AsTask().WaitAsync(Soon);
        Assert.Equal(WebSocketMessageType.Close, close.MessageType);
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, socket.CloseStatus);
        Assert.Equal("later", socket.CloseStatusDescription);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None).WaitAsync(Soon);

        Assert.Equal(WebSocketState.Closed, await closed.Task.WaitAsync(Soon));
    }

    private static async Task ConnectAsync(ClientWebSocket socket, RunningProgram program)
    {
        using var deadline = new CancellationTokenSource(Soon);
        var url = new UriBuilder(program.Url) { Scheme = "ws", Path = "/socket" }.Uri;
        await socket.ConnectAsync(url, socket.Options.HttpVersion.Major == 2 ? Http2 : null, deadline.Token);
    }

    private static async Task<byte[]> ReceiveAsync(ClientWebSocket socket, WebSocketMessageType type)
    {
        using var deadline = new CancellationTokenSource(Soon);
        using var message = new MemoryStream();
        var buffer = new byte[64 * 1024];
        ValueWebSocketReceiveResult part;
        do
        {
            part = await socket.ReceiveAsync(buffer.AsMemory(), deadline.Token);
            Assert.Equal(type, part.MessageType);
            message.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        return message.ToArray();
    }
}
