using MiniLB.Tests.Journeys.Harness;
using MiniLB.Tests.Journeys.Http2.Wire;

namespace MiniLB.Tests.Journeys.Proxies;

/// <summary>A backend connection that begins with a PROXY header serves the client that it names, no other.</summary>
public sealed class SendProxyProtocolJourney
{
    private const string Get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private static readonly string[] V1 = ["--set", "pools.default.sendProxyProtocol=v1"];

    [Fact]
    public async Task TwoClients_GetTwoConnections_AndEachKeepsItsOwn()
    {
        await using var backend = RawBackend.Answering(Ok);
        await using var program = await RunningProgram.BalanceAsync(["--backend", backend.Url, .. V1]);
        await using var alice = await RawConnection.OpenAsync(program.Url);
        await using var bob = await RawConnection.OpenAsync(program.Url);

        for (var i = 0; i < 5; i++)
        {
            await AskAsync(alice);
            await AskAsync(bob);
        }

        Assert.Equal([Line(alice, program), Line(bob, program)], LinesOf(backend));
        Assert.Equal(10, backend.Heads.Count);
    }

    [Fact]
    public async Task ConnectionOfAClientThatLeft_IsNotUsedAgain()
    {
        await using var backend = RawBackend.Answering(Ok);
        await using var program = await RunningProgram.BalanceAsync(["--backend", backend.Url, .. V1]);
        for (var i = 1; i <= 5; i++)
        {
            await using var client = await RawConnection.OpenAsync(program.Url);
            await AskAsync(client);
            Assert.Equal(i, LinesOf(backend).Length);
            Assert.Equal(Line(client, program), LinesOf(backend)[^1]);
        }
    }

    [Fact]
    public async Task OneClient_KeepsAConnectionToEachBackend()
    {
        await using var a = RawBackend.Answering(Ok);
        await using var b = RawBackend.Answering(Ok);
        await using var program = await RunningProgram.BalanceAsync(
            ["--backend", a.Url, "--backend", b.Url, .. V1]);
        await using var client = await RawConnection.OpenAsync(program.Url);

        for (var i = 0; i < 10; i++)
        {
            await AskAsync(client);
        }

        Assert.Equal((5, 5), (a.Heads.Count, b.Heads.Count));
        Assert.Single(LinesOf(a));
        Assert.Single(LinesOf(b));
    }

    [Fact]
    public async Task ClientThatAProxyNames_GetsAConnectionOfItsOwn_EvenOnOneConnectionOfTheProxy()
    {
        await using var backend = RawBackend.Answering(Ok);
        await using var program = await RunningProgram.BalanceAsync(
            ["--backend", backend.Url, .. V1, "--set", "trustedProxies.0=127.0.0.1"]);
        await using var proxy = await RawConnection.OpenAsync(program.Url);

        foreach (var client in (string[])["203.0.113.7", "203.0.113.7", "203.0.113.8", "2001:db8::1", "203.0.113.7"])
        {
            await AskAsync(proxy, $"X-Forwarded-For: {client}\r\n");
        }

        var port = program.Url.Port;
        Assert.Equal(
            [
                $"PROXY TCP4 203.0.113.7 127.0.0.1 0 {port}", $"PROXY TCP4 203.0.113.8 127.0.0.1 0 {port}",
                $"PROXY TCP6 2001:db8::1 ::ffff:127.0.0.1 0 {port}", $"PROXY TCP4 203.0.113.7 127.0.0.1 0 {port}",
            ],
            LinesOf(backend));
    }

    [Fact]
    public async Task HeaderThatCameIn_GoesOut_WithBothItsAddresses()
    {
        await using var backend = RawBackend.Answering(Ok);
        await using var program = await ProxiedProgram.StartAsync("127.0.0.1", ["--backend", backend.Url, .. V1]);
        await using var proxy = await RawConnection.OpenAsync(program.Url);

        await proxy.SendAsync("PROXY TCP6 2001:db8::7 2001:db8::1 56324 443\r\n");
        await AskAsync(proxy);
        await AskAsync(proxy);

        Assert.Equal(["PROXY TCP6 2001:db8::7 2001:db8::1 56324 443"], LinesOf(backend));
    }

    [Fact]
    public async Task ClientOfAUnixSocket_IsUnknown()
    {
        using var folder = new TemporaryFolder();
        await using var backend = RawBackend.Answering(Ok);
        await using var program = await ProxiedProgram.ListenAsync(
            ["--backend", backend.Url, .. V1, "--set", "listeners.1.address=unix:" + folder.File("lb.sock")]);
        await using var client = await RawConnection.OpenUnixAsync(folder.File("lb.sock"));

        await AskAsync(client);
        await AskAsync(client);

        Assert.Equal(["PROXY UNKNOWN"], LinesOf(backend));
    }

    [Fact]
    public async Task Http2Client_IsNamedOnEachConnection()
    {
        await using var backend = RawBackend.Answering(Ok);
        await using var program = await RunningProgram.BalanceAsync(["--backend", backend.Url, .. V1]);
        await using var client = await H2Connection.OpenAsync(program.Url);

        for (var stream = 1; stream <= 9; stream += 2)
        {
            await client.SendAsync(Frame.Headers(stream, Fields.Get("/")));
            await client.AnswerAsync(stream);
        }

        Assert.Equal(5, LinesOf(backend).Length);
        Assert.StartsWith("PROXY TCP4 127.0.0.1 127.0.0.1 ", Assert.Single(LinesOf(backend).Distinct()),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task KeptConnectionThatEnds_IsReplacedByOneWithAHeader()
    {
        var asked = 0;
        await using var backend = new RawBackend(async (connection, _) =>
        {
            await connection.SendAsync(Ok);
            if (Interlocked.Increment(ref asked) % 2 == 0)
            {
                await connection.DisposeAsync();
            }
        });
        await using var program = await RunningProgram.BalanceAsync(["--backend", backend.Url, .. V1]);
        await using var client = await RawConnection.OpenAsync(program.Url);

        for (var i = 0; i < 6; i++)
        {
            await AskAsync(client);
        }

        Assert.Equal(3, LinesOf(backend).Length);
        Assert.Single(LinesOf(backend).Distinct());
    }

    [Fact]
    public async Task Reload_SwitchesItOnAndOff_WithoutMixingConnections()
    {
        using var folder = new TemporaryFolder();
        await using var backend = RawBackend.Answering(Ok);
        string Text(string version) => $$"""
            listeners: [{ address: "127.0.0.1:0" }]
            admin: { address: "127.0.0.1:0" }
            pools: { web: { backends: ["{{backend.Url}}"], sendProxyProtocol: {{version}} } }
            """;
        await using var program = RunningProgram.Start("--config", folder.Write("minilb.yaml", Text("off")));
        await program.WaitUntilServingAsync();
        await using var client = await RawConnection.OpenAsync(program.Url);
        await AskAsync(client);
        Assert.Empty(LinesOf(backend));

        folder.Write("minilb.yaml", Text("v1"));
        await AdminOf.DoAsync(program, "reload");
        await AskAsync(client);
        await AskAsync(client);
        Assert.Equal([Line(client, program)], LinesOf(backend));

        folder.Write("minilb.yaml", Text("off"));
        await AdminOf.DoAsync(program, "reload");
        await AskAsync(client);
        await AskAsync(client);
        Assert.Single(LinesOf(backend));
        Assert.Equal(5, backend.Heads.Count);
    }

    /// <summary>The header that tells a client of the first listener.</summary>
    private static string Line(RawConnection client, RunningProgram program) =>
        $"PROXY TCP4 127.0.0.1 127.0.0.1 {((System.Net.IPEndPoint)client.Socket.LocalEndPoint!).Port} "
        + $"{program.Url.Port}";

    /// <summary>The headers, one for each connection that began with one, in order.</summary>
    private static string[] LinesOf(RawBackend backend) => [.. backend.Heads.Select(h => h.Split("\r\n")[0])
        .Where(l => l.StartsWith("PROXY ", StringComparison.Ordinal))];

    private static async Task AskAsync(RawConnection client, string field = "")
    {
        await client.SendAsync(Get.Replace("\r\n\r\n", $"\r\n{field}\r\n", StringComparison.Ordinal));
        Assert.Equal("ok", (await client.ReadResponseAsync()).Body);
    }
}
