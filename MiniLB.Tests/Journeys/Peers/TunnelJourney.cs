using System.Diagnostics;
using System.Net.Sockets;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Peers;

/// <summary>A tunnel passes bytes as they come, and each end as it comes.</summary>
public sealed class TunnelJourney
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    // Far below every time limit; usually some milliseconds, on a busy machine more than half a second.
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task WordsRightBehindTheHead_ReachTheClient()
    {
        await using var backend = new RawBackend((c, _) => c.SendAsync(RawTunnel.Accepted + "first words"));
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);

        await using var client = await RawTunnel.OpenAsync(program.Url);

        Assert.Equal("first words", await client.ReadAsync("first words".Length));
    }

    [Fact]
    public async Task Ping_IsAnsweredByTheServerItself()
    {
        await using var server = await WebSocketPeer.EchoAsync();
        await using var program = await RunningProgram.BalanceAsync("--backend", server.Url);
        await using var client = await RawConnection.OpenAsync(program.Url);
        await client.SendAsync(
            "GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        var head = await client.ReadHeadAsync();
        Assert.Contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", head, StringComparison.Ordinal);

        await client.SendAsync("\u0089\u0084\0\0\0\0ping"); // masked with zeros

        Assert.Equal("\u008a\u0004ping", await client.ReadAsync(6));
    }

    [Fact]
    public async Task EndOfTheClientsWords_LeavesTheBackendsWay()
    {
        var heard = new TaskCompletionSource<string>();
        await using var backend = RawTunnel.Backend(async connection =>
        {
            heard.SetResult(await connection.ReadToEndAsync());
            await connection.SendAsync("last words");
            await connection.DisposeAsync();
        });
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);
        await using var client = await RawTunnel.OpenAsync(program.Url);

        await client.SendAsync("all I have");
        client.Socket.Shutdown(SocketShutdown.Send);

        Assert.Equal("all I have", await heard.Task.WaitAsync(Soon));
        Assert.Equal("last words", await client.ReadToEndAsync());
    }

    [Fact]
    public async Task EndOfTheBackendsWords_LeavesTheClientsWay()
    {
        var heard = new TaskCompletionSource<string>();
        await using var backend = RawTunnel.Backend(async connection =>
        {
            await connection.SendAsync("all I have");
            connection.Socket.Shutdown(SocketShutdown.Send);
            heard.SetResult(await connection.ReadToEndAsync());
        });
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);
        await using var client = await RawTunnel.OpenAsync(program.Url);

        Assert.Equal("all I have", await client.ReadToEndAsync());
        await client.SendAsync("last words");
        client.Socket.Shutdown(SocketShutdown.Send);

        Assert.Equal("last words", await heard.Task.WaitAsync(Soon));
    }

    [Fact]
    public async Task ClientThatIsGone_IsGoneForTheBackendToo()
    {
        var gone = new TaskCompletionSource<long>();
        await using var backend = RawTunnel.Backend(async connection =>
        {
            await connection.SendAsync(await connection.ReadThroughAsync("\n"));
            await connection.ReadToEndAsync();
            gone.SetResult(Stopwatch.GetTimestamp());
        });
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);
        await using var client = await RawTunnel.OpenAsync(program.Url);
        Assert.Equal("hello", await RawTunnel.AskAsync(client, "hello"));

        var left = Stopwatch.GetTimestamp();
        client.Reset();

        Assert.InRange(Stopwatch.GetElapsedTime(left, await gone.Task.WaitAsync(Soon)), TimeSpan.Zero, AtOnce);
    }

    [Fact]
    public async Task BackendThatIsGone_IsGoneForTheClientToo()
    {
        var left = 0L;
        await using var backend = RawTunnel.Backend(async connection =>
        {
            await connection.ReadThroughAsync("\n");
            left = Stopwatch.GetTimestamp();
            connection.Reset();
        });
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);
        await using var client = await RawTunnel.OpenAsync(program.Url);

        await client.SendAsync("go\n");

        Assert.Equal("", await client.ReadToEndAsync());
        Assert.InRange(Stopwatch.GetElapsedTime(left), TimeSpan.Zero, AtOnce);
    }

    [Fact]
    public async Task UpgradeThatTheServerRefuses_IsAPlainAnswerAndTheConnectionGoesOn()
    {
        await using var server = await WebSocketPeer.EchoAsync();
        await using var program = await RunningProgram.BalanceAsync("--backend", server.Url);
        await using var client = await RawConnection.OpenAsync(program.Url);

        await client.SendAsync(RawTunnel.Asked.Replace("/tunnel", "/refuse", StringComparison.Ordinal));
        Assert.StartsWith("HTTP/1.1 403", await client.ReadHeadAsync(), StringComparison.Ordinal);
        Assert.Contains("not you", await client.ReadThroughAsync("0\r\n\r\n"), StringComparison.Ordinal);
        await client.SendAsync("GET /plain HTTP/1.1\r\nHost: h\r\n\r\n");

        Assert.Equal("plain", (await client.ReadResponseAsync()).Body);
    }
}
