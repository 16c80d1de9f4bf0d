using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Connections;
using MiniLB.Tests.Journeys.Harness;
using MiniLB.Transport.Epoll;

namespace MiniLB.Tests.Transport.Epoll;

public sealed class LoopConnectionTests : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly LoopPair _pair = new();

    private PipeReader Input => _pair.Ours.Transport.Input;

    private PipeWriter Output => _pair.Ours.Transport.Output;

    public ValueTask DisposeAsync() => _pair.DisposeAsync();

    [Fact]
    public async Task WhatComes_IsRead_AndContinuesOnTheLoop()
    {
        var read = Input.ReadAsync();
        Assert.False(read.IsCompleted);
        var onLoop = ThreadOfAsync(read);

        _pair.Theirs.Send("hello"u8);

        var (result, loop) = await onLoop.WaitAsync(Deadline);
        Assert.Equal("hello", Encoding.ASCII.GetString(result.Buffer));
        Assert.Same(LoopPair.Loop, loop);
        Assert.False(result.IsCompleted || result.IsCanceled);
    }

    [Fact]
    public async Task WhatIsNotConsumed_ComesAgainWithWhatFollows()
    {
        _pair.Theirs.Send("abc"u8);
        var first = await Input.ReadAtLeastAsync(3).AsTask().WaitAsync(Deadline);
        Input.AdvanceTo(first.Buffer.GetPosition(1), first.Buffer.End);
        var second = Input.ReadAsync();
        Assert.False(second.IsCompleted);

        _pair.Theirs.Send("d"u8);

        Assert.Equal("bcd", Encoding.ASCII.GetString((await second.AsTask().WaitAsync(Deadline)).Buffer));
    }

    [Fact]
    public async Task WhatIsNotExamined_IsReadAgainAtOnce()
    {
        _pair.Theirs.Send("abc"u8);
        var first = await Input.ReadAtLeastAsync(3).AsTask().WaitAsync(Deadline);
        Input.AdvanceTo(first.Buffer.Start);

        Assert.True(Input.TryRead(out var again));
        Assert.Equal("abc", Encoding.ASCII.GetString(again.Buffer));
    }

    [Fact]
    public async Task MuchThatIsKept_GrowsTheBuffer_AndStaysWhole()
    {
        var sent = RandomNumberGenerator.GetBytes(300_000);
        var sending = _pair.Theirs.SendAsync(sent);

        var read = await Input.ReadAtLeastAsync(sent.Length).AsTask().WaitAsync(Deadline);

        Assert.True(read.Buffer.ToArray().AsSpan().SequenceEqual(sent));
        await sending;
    }

    [Fact]
    public async Task TenMegabytesBothWays_FromOtherThreadsThanTheLoop_StayWhole()
    {
        var sent = RandomNumberGenerator.GetBytes(10_000_000);
        var echo = Task.Run(async () =>
        {
            for (var left = sent.Length; left > 0;)
            {
                var read = await Input.ReadAsync();
                await Task.Yield(); // to a thread of the pool
                left -= (int)read.Buffer.Length;
                foreach (var segment in read.Buffer)
                {
                    await Output.WriteAsync(segment);
                }

                Input.AdvanceTo(read.Buffer.End);
            }
        });
        var sending = Task.Run(() => _pair.Theirs.Send(sent));
        var received = new byte[sent.Length];
        await using var stream = new NetworkStream(_pair.Theirs);

        await stream.ReadExactlyAsync(received).AsTask().WaitAsync(Deadline);

        await Task.WhenAll(echo, sending).WaitAsync(Deadline);
        Assert.True(received.AsSpan().SequenceEqual(sent));
    }

    [Fact]
    public async Task End_CompletesTheRead_AndIsTold()
    {
        _pair.End();

        Assert.True((await Input.ReadAsync().AsTask().WaitAsync(Deadline)).IsCompleted);
        await EndedAsync();
        await Output.WriteAsync("it may still listen"u8.ToArray());
        Assert.Equal(19, _pair.Theirs.Receive(new byte[100]));
    }

    [Fact]
    public async Task End_IsToldWhileNobodyReads()
    {
        _pair.Theirs.Send("unread"u8);
        _pair.End();

        await EndedAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task End_IsToldOnce_WhetherItComesBeforeOrAfterWhoeverAsks(bool before)
    {
        var told = 0;
        if (!before)
        {
            _pair.Ours.WhenEnded(_ => Interlocked.Increment(ref told), this);
        }

        _pair.Theirs.Shutdown(SocketShutdown.Send);
        await Eventually.True(() => _pair.Ours.ConnectionClosed.IsCancellationRequested, "the end");
        if (before)
        {
            Assert.Equal(0, told);
            _pair.Ours.WhenEnded(_ => Interlocked.Increment(ref told), this);
        }

        await _pair.Ours.DisposeAsync();
        Assert.Equal(1, told);
    }

    [Fact]
    public async Task Token_AskedForAfterTheEnd_IsCancelled()
    {
        await _pair.Ours.DisposeAsync();

        Assert.True(_pair.Ours.ConnectionClosed.IsCancellationRequested);
    }

    [Fact]
    public void OurEnd_IsWhereThePeerHasConnectedTo() =>
        Assert.Equal(_pair.Theirs.RemoteEndPoint, _pair.Ours.LocalEndPoint);

    [Fact]
    public async Task Reset_FailsTheRead_AndTheFlushSaysThatNobodyIsThere()
    {
        var read = Input.ReadAsync().AsTask();

        _pair.Reset();

        await Assert.ThrowsAsync<ConnectionResetException>(() => read.WaitAsync(Deadline));
        Assert.True((await Output.WriteAsync("x"u8.ToArray())).IsCompleted);
        await EndedAsync();
    }

    [Fact]
    public async Task Abort_FailsWhoWaits_AndResetsThePeer()
    {
        var read = Input.ReadAsync().AsTask();

        _pair.Ours.Abort(new ConnectionAbortedException("enough"));

        var e = await Assert.ThrowsAsync<ConnectionAbortedException>(() => read.WaitAsync(Deadline));
        Assert.Equal("enough", e.Message);
        await EndedAsync();
        _pair.Theirs.ReceiveTimeout = 30_000;
        var received = Assert.Throws<SocketException>(() => _pair.Theirs.Receive(new byte[1]));
        Assert.Equal(SocketError.ConnectionReset, received.SocketErrorCode);
    }

    [Fact]
    public void LookBeforeTheLoopWasTold_FindsWhatHasCome()
    {
        Assert.False(Input.TryRead(out _));

        _pair.Theirs.Send("more"u8);

        Assert.True(Input.TryRead(out var read));
        Assert.Equal(4, read.Buffer.Length);
        Input.AdvanceTo(read.Buffer.End);
        _pair.Theirs.Send("x"u8);
        Assert.True(_pair.Ours.HasInput);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CancelledRead_Returns_WhetherItWaitsOrComes(bool waits)
    {
        var read = waits ? Input.ReadAsync().AsTask() : null;
        Input.CancelPendingRead();
        read ??= Input.ReadAsync().AsTask();

        Assert.True((await read.WaitAsync(Deadline)).IsCanceled);

        Input.AdvanceTo((await read).Buffer.Start);
        _pair.Theirs.Send("next"u8);
        var next = await Input.ReadAsync().AsTask().WaitAsync(Deadline);
        Assert.False(next.IsCanceled);
        Assert.Equal(4, next.Buffer.Length);
    }

    [Fact]
    public async Task ReadThatIsGivenUp_LeavesTheNextOneAlone()
    {
        using var giveUp = new CancellationTokenSource();
        var read = Input.ReadAsync(giveUp.Token).AsTask();

        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read.WaitAsync(Deadline));
        _pair.Theirs.Send("next"u8);
        Assert.Equal(4, (await Input.ReadAsync().AsTask().WaitAsync(Deadline)).Buffer.Length);
    }

    [Fact]
    public async Task SenderWithoutEnd_LeavesTheThreadToOthers()
    {
        await using var other = new LoopPair();
        using var enough = new CancellationTokenSource();
        var flood = Task.Run(() =>
        {
            for (var piece = new byte[256 * 1024]; !enough.IsCancellationRequested;)
            {
                _pair.Theirs.Send(piece);
            }
        });
        var reading = await LoopPair.OnLoopAsync(() => ReadAllAsync());
        await Task.Yield();

        for (var i = 0; i < 20; i++)
        {
            var read = other.Ours.Transport.Input.ReadAsync().AsTask();
            other.Theirs.Send("x"u8);
            other.Ours.Transport.Input.AdvanceTo((await read.WaitAsync(Deadline)).Buffer.End);
        }

        await enough.CancelAsync();
        await flood.WaitAsync(Deadline);
        _pair.End();
        await reading.WaitAsync(Deadline);
    }

    private async Task ReadAllAsync()
    {
        while (await Input.ReadAsync() is { IsCompleted: false } read)
        {
            Input.AdvanceTo(read.Buffer.End);
        }
    }

    private static async Task<(ReadResult Result, EventLoop? Loop)> ThreadOfAsync(ValueTask<ReadResult> read) =>
        (await read.ConfigureAwait(false), EventLoop.Current);

    private async Task EndedAsync()
    {
        var ended = new TaskCompletionSource();
        await using var told = _pair.Ours.ConnectionClosed.Register(ended.SetResult);
        await ended.Task.WaitAsync(Deadline);
    }
}
