using Microsoft.AspNetCore.Connections;
using MiniLB.RequestPath.Forward;
using MiniLB.State;

namespace MiniLB.Tests.RequestPath.Forward;

public sealed class TunnelTests
{
    private readonly ForwardedRequest _request = new("GET / HTTP/1.1|Host: a|Connection: upgrade|Upgrade: x");
    private readonly Backend _backend = Sample.Backend();
    private readonly Task<AttemptResult> _tunnel;

    public TunnelTests()
    {
        _request.Answer("HTTP/1.1 101 Switching Protocols|Upgrade: x|Connection: Upgrade|A: b");
        _tunnel = Tunnel.RunAsync(_request.Exchange, _backend, _request.Connection).AsTask()
            .WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Switch_IsAnsweredWithEachFieldOnce()
    {
        var answered = await AnsweredAsync("\r\n\r\n");

        Assert.Equal("HTTP/1.1 101 Switching Protocols\r\nA: b\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n", answered);
    }

    [Fact]
    public async Task Bytes_FlowInBothDirections()
    {
        _request.Client.Send("ping");
        await Eventually(() => _request.Stream.Told == "ping");
        _request.Stream.Say("pong");

        Assert.EndsWith("\r\n\r\npong", await AnsweredAsync("pong"), StringComparison.Ordinal);
        Assert.Equal((4, 4), (_request.Exchange.BytesIn, _request.Exchange.BytesOut));
        Assert.False(_tunnel.IsCompleted);
    }

    [Fact]
    public async Task BackendThatBreaks_IsToBlame()
    {
        _request.Stream.End(new IOException("reset"));

        Assert.Equal(ForwardError.ResponseBodyBroken, (await _tunnel).Error);
    }

    [Fact]
    public async Task ClientThatIsReset_IsNotTheBackendsFault()
    {
        _request.Client.End(new ConnectionResetException("reset"));

        Assert.Equal(ForwardError.ClientGone, (await _tunnel).Error);
        Assert.True(_request.Stream.IsDisposed);
    }

    [Fact]
    public async Task ClientConnectionThatIsAborted_EndsTheTunnel()
    {
        _request.Client.End(new ConnectionAbortedException("taken too long"));

        await Eventually(() => _request.Stream.IsDisposed);
        Assert.Equal(ForwardError.ClientGone, (await _tunnel).Error);
    }

    [Fact]
    public async Task ClientThatReadsNoMore_EndsTheTunnel()
    {
        _request.Client.StopReading();
        _request.Stream.Say("pong");

        Assert.Equal(ForwardError.ClientGone, (await _tunnel).Error);
        Assert.True(_request.Stream.IsDisposed);
    }

    [Fact]
    public async Task TunnelOfADrainedBackend_IsEndedOnceItIsQuiet()
    {
        Assert.Equal(1, _backend.Tunnels.Count);
        await using (_request.Exchange.Timer.Token.Register(_request.Connection.Dispose))
        {
            _backend.Tunnels.EndQuiet(Environment.TickCount64, quiet: 60_000);
            Assert.False(_tunnel.IsCompleted);

            _backend.Tunnels.EndQuiet(Environment.TickCount64 + 60_000, quiet: 60_000);

            Assert.Equal(ForwardError.None, (await _tunnel).Error);
            Assert.Equal(0, _backend.Tunnels.Count);
        }
    }

    [Fact]
    public async Task TunnelThatIsToStop_EndsBothSides()
    {
        await using (_request.Exchange.Timer.Token.Register(_request.Connection.Dispose))
        {
            _request.Exchange.Timer.EndTunnel();

            Assert.Equal(ForwardError.None, (await _tunnel).Error);
        }
    }

    private async Task<string> AnsweredAsync(string end)
    {
        var all = "";
        await Eventually(() => (all += _request.Client.Answered()).EndsWith(end, StringComparison.Ordinal));
        return all;
    }

    private static Task Eventually(Func<bool> condition) =>
        Journeys.Harness.Eventually.True(condition, "the tunnel has come so far");
}
