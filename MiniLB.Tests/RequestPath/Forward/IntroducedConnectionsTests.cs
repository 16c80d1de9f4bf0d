using MiniLB.Config.Options;
using MiniLB.RequestPath.Forward;
using MiniLB.Tests.Transport;
using MiniLB.Tests.Wire;
using MiniLB.Transport;

namespace MiniLB.Tests.RequestPath.Forward;

public sealed class IntroducedConnectionsTests
{
    private static readonly KeepAliveOptions Limits = new();

    private readonly IntroducedConnections _kept = new();

    [Fact]
    public void KeptConnection_IsGivenOnce_ForTheSameClientAndBackend()
    {
        var (backend, other) = (Sample.Backend(), Sample.Backend("http://127.0.0.1:9002"));
        var (_, connection) = Open("a");
        _kept.Keep(backend, connection, now: 2);

        Assert.Null(Take(other, "a"));
        Assert.Same(connection, Take(backend, "a"));
        Assert.Null(Take(backend, "a"));
    }

    [Fact]
    public void ConnectionOfAnotherClient_IsClosed_NotGiven()
    {
        var backend = Sample.Backend();
        var (stream, connection) = Open("a");
        _kept.Keep(backend, connection, now: 2);

        Assert.Null(Take(backend, "b"));
        Assert.True(stream.IsDisposed);
    }

    [Fact]
    public void EndedConnection_IsClosed_NotGiven()
    {
        var backend = Sample.Backend();
        var (stream, connection) = Open("a");
        _kept.Keep(backend, connection, now: 2);
        stream.End();
        Assert.True(SpinWait.SpinUntil(() => !connection.IsQuiet, TimeSpan.FromSeconds(30)));

        Assert.Null(Take(backend, "a"));
        Assert.True(stream.IsDisposed);
    }

    [Theory]
    [InlineData(500, 0)]
    [InlineData(0, 1000)] // it was opened at 1
    public void ConnectionWhoseTimeIsOver_IsClosed_NotGiven(int idle, int lifetime)
    {
        var backend = Sample.Backend();
        var limits = new KeepAliveOptions
        {
            Idle = TimeSpan.FromMilliseconds(idle),
            Lifetime = TimeSpan.FromMilliseconds(lifetime),
        };
        var (stream, connection) = Open("a");
        _kept.Keep(backend, connection, now: 501);
        Assert.Same(connection, _kept.TryTake(backend, "a"u8, limits, now: 1000));
        _kept.Keep(backend, connection, now: 501);

        Assert.Null(_kept.TryTake(backend, "a"u8, limits, now: 1001));
        Assert.True(stream.IsDisposed);
    }

    [Fact]
    public void NinthConnection_ClosesTheOldest()
    {
        var opened = Enumerable.Range(0, 9).Select(i =>
        {
            var (stream, connection) = Open("a");
            var backend = Sample.Backend($"http://127.0.0.1:{9001 + i}");
            _kept.Keep(backend, connection, now: 2);
            return (Stream: stream, Backend: backend);
        }).ToArray();

        Assert.True(opened[0].Stream.IsDisposed);
        Assert.All(opened[1..], o => Assert.False(o.Stream.IsDisposed));
        Assert.Null(Take(opened[0].Backend, "a"));
        Assert.NotNull(Take(opened[1].Backend, "a"));
    }

    [Fact]
    public void EndOfTheClient_ClosesAll()
    {
        var (stream, connection) = Open("a");
        _kept.Keep(Sample.Backend(), connection, now: 2);

        _kept.Retire();

        Assert.True(stream.IsDisposed);
        Assert.Null(Take(Sample.Backend(), "a"));
    }

    private BackendConnection? Take(MiniLB.State.Backend backend, string introduction) =>
        _kept.TryTake(backend, Heads.Bytes(introduction), Limits, now: 2);

    private static (ScriptedStream Stream, BackendConnection Connection) Open(string introduction)
    {
        var stream = new ScriptedStream();
        return (stream, new BackendConnection(stream, now: 1) { Introduction = Heads.Bytes(introduction) });
    }
}
