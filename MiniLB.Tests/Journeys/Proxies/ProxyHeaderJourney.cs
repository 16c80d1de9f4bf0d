using System.Net.WebSockets;
using MiniLB.Tests.Journeys.Harness;
using MiniLB.Tests.Journeys.Http2.Wire;
using MiniLB.Tests.Journeys.Peers;
using static MiniLB.Tests.Journeys.Proxies.ProxiedProgram;
using static MiniLB.Tests.Wire.ProxyHeaders;

namespace MiniLB.Tests.Journeys.Proxies;

/// <summary>Where the PROXY header is required, it says who the client is, whatever the client then speaks.</summary>
public sealed class ProxyHeaderJourney
{
    private const string Header = "PROXY TCP4 203.0.113.7 198.51.100.2 56324 443\r\n";
    private const string Get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    public static TheoryData<string, string> Headers => new()
    {
        { Header, "203.0.113.7" },
        { "PROXY TCP6 2001:db8::7 2001:db8::1 1 2\r\n", "2001:db8::7" },
        { "PROXY TCP6 ::ffff:203.0.113.7 ::1 1 2\r\n", "203.0.113.7" },
        { "PROXY UNKNOWN\r\n", "127.0.0.1" },
        { V2(0x21, 0x11, IPv4Block), "192.0.2.1" },
        { V2(0x21, 0x21, IPv6Block), "2001:db8::1" },
        { WithChecksum("\u0005\0\u0003abc"), "192.0.2.1" },
        { V2(0x20, 0x00, ""), "127.0.0.1" },
        { V2(0x21, 0x31, new string('/', 216)), "unix:" },
    };

    [Theory]
    [MemberData(nameof(Headers))]
    public async Task Header_NamesTheClientOfTheWholeConnection(string header, string client)
    {
        await using var backend = RawBackend.Answering(Ok);
        await using var program = await StartAsync("127.0.0.1", "--backend", backend.Url);
        await using var proxy = await RawConnection.OpenAsync(program.Url);

        await proxy.SendAsync(header + Get);
        Assert.Equal("ok", (await proxy.ReadResponseAsync()).Body);
        await proxy.SendAsync(Get);
        Assert.Equal("ok", (await proxy.ReadResponseAsync()).Body);

        Assert.Equal([client, client], backend.Heads.Select(h => Field(h, "X-Forwarded-For")));
        Assert.All(
            await AccessLines.WaitAsync(program, 2), l => Assert.Equal(client, l.GetProperty("client").GetString()));
    }

    [Theory]
    [MemberData(nameof(Headers))]
    public async Task HeaderInSingleBytes_IsTheSame(string header, string client)
    {
        await using var backend = RawBackend.Answering(Ok);
        await using var program = await StartAsync("127.0.0.1", "--backend", backend.Url);
        await using var proxy = await RawConnection.OpenAsync(program.Url);

        foreach (var one in header + Get)
        {
            await proxy.SendAsync($"{one}");
            await Task.Yield();
        }

        Assert.Equal("ok", (await proxy.ReadResponseAsync()).Body);
        Assert.Equal(client, Field(Assert.Single(backend.Heads), "X-Forwarded-For"));
    }

    [Theory]
    [InlineData("127.0.0.1", "198.51.100.9, 203.0.113.7", "203.0.113.7")] // the client is no trusted proxy
    [InlineData("127.0.0.1,203.0.113.0/24", "198.51.100.9, 203.0.113.7", "198.51.100.9")]
    public async Task NamedClient_IsBelievedWhatItForwards_WhereItIsATrustedProxyItself(
        string trusted, string chain, string client)
    {
        await using var backend = RawBackend.Answering(Ok);
        var more = trusted.Split(',').Skip(1).SelectMany(t => new[] { "--set", "trustedProxies.1=" + t });
        await using var program = await StartAsync(
            trusted.Split(',')[0], ["--backend", backend.Url, .. more]);
        await using var proxy = await RawConnection.OpenAsync(program.Url);

        await proxy.SendAsync($"{Header}GET / HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: 198.51.100.9\r\n\r\n");
        await proxy.ReadResponseAsync();

        Assert.Equal(client == "203.0.113.7" ? client : chain, Field(Assert.Single(backend.Heads), "X-Forwarded-For"));
        var line = Assert.Single(await AccessLines.WaitAsync(program, 1));
        Assert.Equal(client, line.GetProperty("client").GetString());
    }

    // The proxy speaks for somebody of whom it knows nothing: what comes is not its own word.
    [Theory]
    [InlineData("PROXY UNKNOWN\r\n")]
    [InlineData("\r\n\r\n\0\r\nQUIT\n\u0021\0\0\0")]
    public async Task UnknownClient_IsNotBelieved(string header)
    {
        await using var backend = RawBackend.Answering(Ok);
        await using var program = await StartAsync("127.0.0.1", "--backend", backend.Url);
        await using var proxy = await RawConnection.OpenAsync(program.Url);

        await proxy.SendAsync($"{header}GET / HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: 198.51.100.9\r\n"
            + "X-Client-Cert-Subject: CN=root\r\n\r\n");
        await proxy.ReadResponseAsync();

        var head = Assert.Single(backend.Heads);
        Assert.Equal("127.0.0.1", Field(head, "X-Forwarded-For"));
        Assert.DoesNotContain("CN=root", head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PriorKnowledgeHttp2_BehindTheHeader_IsServed()
    {
        await using var backend = RawBackend.Answering(Ok);
        await using var program = await StartAsync("127.0.0.1", "--backend", backend.Url);
        await using var proxy = await H2Connection.ConnectAsync(program.Url);

        await proxy.SendBytesAsync([
            .. System.Text.Encoding.Latin1.GetBytes(Header), .. Frame.Preface, .. Frame.Settings().ToBytes()]);
        await proxy.SendAsync(Frame.Headers(1, Fields.Get("/one")));
        await proxy.AnswerAsync(1);
        await proxy.SendAsync(Frame.Headers(3, Fields.Get("/two")));
        await proxy.AnswerAsync(3);

        Assert.Equal(["203.0.113.7", "203.0.113.7"], backend.Heads.Select(h => Field(h, "X-Forwarded-For")));
    }

    [Fact]
    public async Task WebSocket_BehindTheHeader_Echoes()
    {
        await using var backend = await WebSocketEcho.StartAsync();
        await using var program = await StartAsync("127.0.0.1", "--backend", backend.Url);
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellation) =>
            {
                var proxy = await RawConnection.OpenAsync(program.Url);
                await proxy.SendAsync(Header);
                return new System.Net.Sockets.NetworkStream(proxy.Socket, ownsSocket: true);
            },
        };
        using var invoker = new HttpMessageInvoker(handler);
        using var socket = new ClientWebSocket();

        await socket.ConnectAsync(new Uri($"ws://{program.Url.Authority}/"), invoker, CancellationToken.None);

        Assert.Equal("hello", await WebSocketEcho.AskAsync(socket, "hello"));
    }
}
