using System.Diagnostics;
using System.Net.Sockets;
using MiniLB.Tests.Journeys.Harness;
using MiniLB.Tests.Journeys.Http2.Backends;
using MiniLB.Tests.Journeys.Http2.Wire;
using MiniLB.Tests.Journeys.Peers;

namespace MiniLB.Tests.Journeys;

/// <summary>Of the tunnels through a draining backend the quiet ones are ended in good order, and the busy ones
/// live.</summary>
public sealed class TunnelDrainJourney
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(200);

    [Fact]
    public async Task QuietTunnel_IsEndedOnBothSidesAndABusyOneLives()
    {
        var ended = new TaskCompletionSource();
        await using var backend = RawTunnel.Backend(connection => EchoAsync(connection.Socket, ended));
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);
        await using var busy = await RawTunnel.OpenAsync(program.Url);
        await using var quiet = await RawTunnel.OpenAsync(program.Url);
        Assert.Equal("hello", await RawTunnel.AskAsync(quiet, "hello"));
        var watch = Stopwatch.StartNew();

        await AdminOf.DoAsync(program, "drain", backend.Url);
        Assert.Equal(2, (await AdminOf.ShowAsync(program, backend.Url)).Tunnels);
        var end = WatchAsync(quiet.Socket, watch);
        while (!end.IsCompleted && watch.Elapsed < TimeSpan.FromSeconds(20))
        {
            Assert.Equal("busy", await RawTunnel.AskAsync(busy, "busy"));
            await Task.Delay(Pace); // the pace of the busy one
        }

        Assert.InRange((await end).TotalSeconds, 4.5, 15);
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await AdminOf.SeesAsync(program, backend.Url, d => d.Tunnels == 1, "one tunnel left");
        Assert.Equal("still", await RawTunnel.AskAsync(busy, "still"));
        var line = Assert.Single(await AccessLines.WaitAsync(program, 1));
        Assert.Equal("done", line.GetProperty("ended").GetString());
        await using var wait = AdminOf.Start(program, "drain", backend.Url, "--wait", "30s");
        busy.Socket.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, await wait.WaitForEndAsync());
    }

    [Fact]
    public async Task QuietWebSocketOverHttp2_IsEndedAndABusyOneLives()
    {
        await using var backend = WebSocketBackend.Start();
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);
        await using var client = await H2Connection.OpenAsync(program.Url);
        await OpenAsync(client, 1);
        await OpenAsync(client, 3);
        await client.SendAsync(Frame.Data(1, "x"));
        await client.UntilAsync(() => client.See(1, s => s.Text) == "x", "the echo");
        var watch = Stopwatch.StartNew();

        await AdminOf.DoAsync(program, "drain", backend.Url);
        var said = "";
        while (!client.IsOver(1) && watch.Elapsed < TimeSpan.FromSeconds(20))
        {
            said += "y";
            await client.SendAsync(Frame.Data(3, "y"));
            await client.UntilAsync(() => client.See(3, s => s.Text) == said, "the echo");
            await Task.Delay(Pace); // the pace of the busy one
        }

        Assert.InRange(watch.Elapsed.TotalSeconds, 4.5, 15);
        Assert.True(client.See(1, s => s.Ended), client.ToString());
        Assert.Null(client.See(1, s => s.Reset is ErrorCode.None ? null : s.Reset));
        await Eventually.True(() => backend.Ended == 1, "the end at the backend");
        await AdminOf.SeesAsync(program, backend.Url, d => d.Tunnels == 1, "one tunnel left");
        Assert.False(client.IsOver(3), client.ToString());
    }

    [Fact]
    public async Task TunnelThroughABackendThatStays_IsLeftAlone()
    {
        await using var drained = RawTunnel.Backend(RawTunnel.EchoAsync);
        await using var stays = RawTunnel.Backend(RawTunnel.EchoAsync);
        await using var program = await RunningProgram.BalanceAsync("--backend", drained.Url, "--backend", stays.Url);
        await using var first = await RawTunnel.OpenAsync(program.Url);
        await using var second = await RawTunnel.OpenAsync(program.Url);
        await AdminOf.DoAsync(program, "disable", drained.Url);

        await AdminOf.SeesAsync(program, drained.Url, d => d.Tunnels == 0, "the end of the tunnel");

        Assert.Equal("", await first.ReadToEndAsync());
        Assert.Equal(1, (await AdminOf.ShowAsync(program, stays.Url)).Tunnels);
        Assert.Equal("still", await RawTunnel.AskAsync(second, "still"));
    }

    private static async Task OpenAsync(H2Connection client, int stream)
    {
        await client.SendAsync(Frame.OpenHeaders(stream, Fields.WebSocket("/ws")));
        await client.UntilAsync(() => client.See(stream, s => s.Status) is not null, "the tunnel");
        Assert.Equal(200, client.See(stream, s => s.Status));
    }

    /// <summary>When an end comes; a reset throws.</summary>
    private static async Task<TimeSpan> WatchAsync(Socket socket, Stopwatch watch)
    {
        Assert.Equal(0, await socket.ReceiveAsync(new byte[1], SocketFlags.None));
        return watch.Elapsed;
    }

    /// <summary>Says back what comes, and tells of the first end in good order.</summary>
    private static async Task EchoAsync(Socket socket, TaskCompletionSource ended)
    {
        var buffer = new byte[1024];
        try
        {
            for (int count; (count = await socket.ReceiveAsync(buffer, SocketFlags.None)) > 0;)
            {
                await socket.SendAsync(buffer.AsMemory(0, count), SocketFlags.None);
            }

            ended.TrySetResult();
        }
        catch (SocketException e)
        {
            ended.TrySetException(e);
        }
    }
}
