using System.Net.Sockets;
using System.Security.Cryptography;
using MiniLB.Tests.Journeys.Harness;
using MiniLB.Transport.Epoll;

namespace MiniLB.Tests.Transport.Epoll;

public sealed class SplicePipeTests : IDisposable
{
    private readonly SocketPair _from = new();
    private readonly SocketPair _to = new();
    private readonly User _reader = new();
    private readonly User _writer = new();
    private readonly LoopSocket _source;
    private readonly LoopSocket _target;

    public SplicePipeTests()
    {
        (_from.Ours.Blocking, _to.Ours.Blocking) = (false, false);
        _source = new LoopSocket(_from.Ours, LoopPair.Loop, _reader);
        _target = new LoopSocket(_to.Ours, LoopPair.Loop, _writer);
        _source.Watch();
        _target.Watch();
    }

    public void Dispose()
    {
        _source.Close();
        _target.Close();
        _from.Dispose();
        _to.Dispose();
    }

    [Fact]
    public async Task WhatIsFilledIn_ComesOutInOrder_AndNoMoreThanWasWanted()
    {
        var bytes = RandomNumberGenerator.GetBytes(10_000);
        await _from.Theirs.SendAsync(bytes);

        var (moved, isEmptied, left) = await LoopPair.OnLoopAsync(() =>
        {
            var pipe = SplicePipe.Take()!;
            var moved = pipe.Fill(_source, 9_999);
            var isEmptied = pipe.TryEmpty(_target, out _);
            var left = pipe.Length;
            pipe.GiveBack();
            return (moved, isEmptied, left);
        });

        Assert.Equal((9_999, true, 0), (moved, isEmptied, left));
        Assert.True(_source.MayReceive); // the last byte
        var got = new byte[moved];
        for (var read = 0; read < moved;)
        {
            read += await _to.Theirs.ReceiveAsync(got.AsMemory(read));
        }

        Assert.Equal(bytes[..moved], got);
    }

    [Fact]
    public async Task NothingToMove_AndTheEnd_AreToldApart()
    {
        Assert.Equal(-EpollMethods.TryAgain, await FillAsync());

        _from.Theirs.Shutdown(SocketShutdown.Send);

        await Eventually.True(async () => await FillAsync() == 0, "the end");
    }

    [Fact]
    public async Task ClosedSocket_AndAnotherThread_MoveNothing()
    {
        await _from.Theirs.SendAsync(new byte[100]);
        var pipe = SplicePipe.Take()!;
        Assert.Equal(0, pipe.Fill(_source, 100));
        Assert.Equal(100, await LoopPair.OnLoopAsync(() => pipe.Fill(_source, 100)));

        _source.Close();
        _target.Close();

        var (moved, outcome) = await LoopPair.OnLoopAsync(() => (
            pipe.Fill(_source, 100), pipe.TryEmpty(_target, out var outcome) ? outcome : 0));
        Assert.Equal((0, LoopSocket.Closed), (moved, outcome));
        pipe.GiveBack();
    }

    [Fact]
    public async Task WhatThePeerDoesNotTake_Waits_AndItsUserIsResumedOnceItDoes()
    {
        var sent = 0L;
        var taken = 0L;
        var pipe = SplicePipe.Take()!;
        var hasStopped = false;
        while (!hasStopped)
        {
            Assert.InRange(sent, 0, 100_000_000);
            sent += await _from.Theirs.SendAsync(new byte[32 * 1024]);
            hasStopped = await LoopPair.OnLoopAsync(() =>
                pipe.Fill(_source, 64 * 1024) > 0 && !pipe.TryEmpty(_target, out _));
        }

        Assert.Equal(0, _writer.Resumed);
        var into = new byte[1024 * 1024];
        await Eventually.True(
            async () =>
            {
                taken += _to.Theirs.Available > 0 ? await _to.Theirs.ReceiveAsync(into) : 0;
                return _writer.Resumed == 1;
            },
            "that it is told");
        await Eventually.True(
            async () =>
            {
                await LoopPair.OnLoopAsync(() => pipe.Length == 0 || pipe.TryEmpty(_target, out _));
                taken += _to.Theirs.Available > 0 ? await _to.Theirs.ReceiveAsync(into) : 0;
                return taken + _from.Ours.Available == sent;
            },
            "all of it");
        await LoopPair.OnLoopAsync(() =>
        {
            pipe.GiveBack();
            return true;
        });
    }

    [Fact]
    public async Task PipeThatIsGivenBack_IsUsedAgainWhereItIsEmpty()
    {
        await _from.Theirs.SendAsync(new byte[10]);

        var (isKept, isDropped) = await LoopPair.OnLoopAsync(() =>
        {
            var pipe = SplicePipe.Take()!;
            pipe.GiveBack();
            var isKept = SplicePipe.Take() == pipe;
            Assert.Equal(10, pipe.Fill(_source, 10));
            pipe.GiveBack();
            var other = SplicePipe.Take()!;
            var isDropped = other != pipe && other.Length == 0;
            other.GiveBack();
            return (isKept, isDropped);
        });

        Assert.True(isKept);
        Assert.True(isDropped);
    }

    private Task<int> FillAsync() => LoopPair.OnLoopAsync(() =>
    {
        var pipe = SplicePipe.Take()!;
        var moved = pipe.Fill(_source, 100);
        pipe.GiveBack();
        return moved;
    });

    private sealed class User : ISocketUser
    {
        private int _resumed;

        public int Resumed => Volatile.Read(ref _resumed);

        public void ResumeReading()
        {
            // Nobody reads but by filling a pipe.
        }

        public void ResumeWriting() => Interlocked.Increment(ref _resumed);

        public void HungUp()
        {
            // The next fill finds out.
        }
    }
}
