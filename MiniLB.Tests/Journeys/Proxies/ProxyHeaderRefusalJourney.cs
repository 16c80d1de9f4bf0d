using System.Net;
using System.Net.Sockets;
using MiniLB.Tests.Journeys.Harness;
using static MiniLB.Tests.Journeys.Proxies.ProxiedProgram;

namespace MiniLB.Tests.Journeys.Proxies;

/// <summary>Where the PROXY header is required, whoever sends none, or may not send one, is closed, and the others are
/// served.</summary>
public sealed class ProxyHeaderRefusalJourney
{
    private const string Header = "PROXY TCP4 203.0.113.7 198.51.100.2 56324 443\r\n";
    private const string Get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    [Theory]
    [InlineData(Get)]
    [InlineData("PROXY TCP4 203.0.113.7 198.51.100.2 56324 443\n" + Get)]
    [InlineData("PROXY TCP4 client.test 198.51.100.2 56324 443\r\n" + Get)]
    [InlineData("\r\n\r\n\0\r\nQUIT\n\u0011\u0011")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    public async Task AnythingElse_IsClosed_WithoutAnAnswer(string sent)
    {
        await using var backend = RawBackend.Answering(Ok);
        await using var program = await StartAsync("127.0.0.1", "--backend", backend.Url);
        await using var proxy = await RawConnection.OpenAsync(program.Url);

        await proxy.SendAsync(sent);

        Assert.Equal("", await proxy.ReadToEndAsync());
        await RefusedAsync(program, "127.0.0.1");
        Assert.Empty(backend.Heads);
        await ServesAsync(program);
    }

    [Fact]
    public async Task StrangersConnection_IsClosedAtOnce_BeforeItSendsAnything()
    {
        await using var backend = RawBackend.Answering(Ok);
        await using var program = await StartAsync("127.0.0.2", "--backend", backend.Url);
        await using var stranger = await RawConnection.OpenAsync(program.Url);

        Assert.Equal("", await stranger.ReadToEndAsync());
        await program.SaysAsync("closed 127.0.0.1: proxyProtocol is required, and it is not in trustedProxies");

        await using var proxy = await OpenFromAsync("127.0.0.2", program.Url);
        await proxy.SendAsync(Header + Get);
        Assert.Equal("ok", (await proxy.ReadResponseAsync()).Body);
        Assert.Single(backend.Heads);
    }

    [Theory]
    [InlineData("")]
    [InlineData("PROXY TCP4 203.0.113.7 ")]
    public async Task HeaderThatDoesNotCome_EndsTheConnection_WhateverTheOtherLimits(string sent)
    {
        await using var backend = RawBackend.Answering(Ok);
        await using var program = await StartAsync("127.0.0.1", "--backend", backend.Url, "--set", "timeouts.read=0");
        await using var proxy = await RawConnection.OpenAsync(program.Url);

        await proxy.SendAsync(sent);

        Assert.Equal("", await proxy.ReadToEndAsync()); // within its deadline, far above the five seconds
        await RefusedAsync(program, "127.0.0.1");
    }

    [Fact]
    public async Task ConnectionWithoutAHeader_CountsAgainstTheLimit_AndIsEndedByAStop()
    {
        await using var backend = RawBackend.Answering(Ok);
        await using var program = await StartAsync(
            "127.0.0.1", "--backend", backend.Url, "--set", "limits.connections=1", "--set", "shutdown.grace=1h");
        await using var waiting = await RawConnection.OpenAsync(program.Url);
        await waiting.SendAsync("PROXY ");
        using var admin = new HttpClient();
        await Eventually.True(
            async () => (await admin.GetStringAsync(new Uri(program.AdminUrl, "/metrics"))).Contains(
                "\nminilb_client_connections 1\n", StringComparison.Ordinal), "it is counted");
        Assert.True(await IsFullAsync(program.Url));

        Assert.Equal(0, await program.StopAsync());
        Assert.Equal("", await waiting.ReadToEndAsync());
    }

    [Fact]
    public async Task UnixSocket_IsTrusted()
    {
        using var folder = new TemporaryFolder();
        await using var backend = RawBackend.Answering(Ok);
        await using var program = await ListenAsync(
            "--backend", backend.Url, "--set", "listeners.1.address=unix:" + folder.File("lb.sock"),
            "--set", "listeners.1.proxyProtocol=required");
        await using var proxy = await RawConnection.OpenUnixAsync(folder.File("lb.sock"));

        await proxy.SendAsync(Header + Get);
        Assert.Equal("ok", (await proxy.ReadResponseAsync()).Body);

        Assert.Equal("203.0.113.7", Field(Assert.Single(backend.Heads), "X-Forwarded-For"));
        await ServesAsync(program, header: ""); // the other listener asks for none
    }

    [Fact]
    public async Task Reload_SwitchesItOnAndOff_ForNewConnections()
    {
        using var folder = new TemporaryFolder();
        await using var backend = RawBackend.Answering(Ok);
        string Text(string protocol) => $$"""
            listeners: [{ address: "127.0.0.1:0", proxyProtocol: {{protocol}} }]
            trustedProxies: [127.0.0.1]
            admin: { address: "127.0.0.1:0" }
            pools: { web: { backends: ["{{backend.Url}}"] } }
            """;
        await using var program = RunningProgram.Start("--config", folder.Write("minilb.yaml", Text("off")));
        await program.WaitUntilServingAsync();
        await using var before = await RawConnection.OpenAsync(program.Url);
        await before.SendAsync(Get);
        await before.ReadResponseAsync();

        folder.Write("minilb.yaml", Text("required"));
        await AdminOf.DoAsync(program, "reload");
        await ServesAsync(program);
        await before.SendAsync(Get);
        Assert.Equal("ok", (await before.ReadResponseAsync()).Body);

        folder.Write("minilb.yaml", Text("off"));
        await AdminOf.DoAsync(program, "reload");
        await ServesAsync(program, header: "");
    }

    private static async Task ServesAsync(RunningProgram program, string header = Header)
    {
        await using var proxy = await RawConnection.OpenAsync(program.Url);
        await proxy.SendAsync(header + Get);
        Assert.Equal("ok", (await proxy.ReadResponseAsync()).Body);
    }

    private static async Task<bool> IsFullAsync(Uri url)
    {
        try
        {
            await using var proxy = await RawConnection.OpenAsync(url);
            await proxy.SendAsync(Header + Get);
            return await proxy.ReadToEndAsync() == "";
        }
        catch (SocketException)
        {
            return true; // closed before the first byte
        }
    }

    private static async Task<RawConnection> OpenFromAsync(string address, Uri url)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
        await socket.ConnectAsync(IPAddress.Parse(url.Host), url.Port);
        return new RawConnection(socket);
    }
}
