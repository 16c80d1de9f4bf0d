using System.IO.Pipelines;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Connections;
using MiniLB.Tests.Journeys.Harness;
using MiniLB.Transport.Epoll;

namespace MiniLB.Tests.Transport.Epoll;

public sealed class LoopOutputTests : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly LoopPair _pair = new();

    private LoopWriter Output => (LoopWriter)_pair.Ours.Transport.Output;

    public ValueTask DisposeAsync() => _pair.DisposeAsync();

    [Fact]
    public async Task SmallPiecesOfARound_LeaveAtItsEnd_InTheirOrder()
    {
        await using var other = new LoopPair();

        var before = await InOneRoundAsync(() =>
        {
            Assert.True(IsFlushed("one "));
            Assert.True(IsFlushed("two "));
            Assert.True(other.Ours.Transport.Output.WriteAsync("other"u8.ToArray()).AsTask().IsCompleted);
            Assert.True(IsFlushed("three"));
            return (_pair.Theirs.Available, other.Theirs.Available);
        });

        // A piece of the same connection sends what there is before it.
        Assert.Equal((8, 5), before);
        Assert.Equal("one two three", await ReceiveAsync(_pair.Theirs, 13));
        Assert.Equal("other", await ReceiveAsync(other.Theirs, 5));
    }

    [Fact]
    public async Task FirstPiece_WaitsForTheEnd_AndALongOneAfterItDoesNot()
    {
        var sent = RandomNumberGenerator.GetBytes(50_000);

        var (afterFirst, isTaken) = await InOneRoundAsync(() =>
        {
            Assert.True(IsFlushed("short"));
            var available = _pair.Theirs.Available;
            Output.Send(sent);
            return (available, Output.FlushAsync().AsTask().IsCompleted);
        });

        Assert.Equal((0, true), (afterFirst, isTaken));
        Assert.Equal("short", await ReceiveAsync(_pair.Theirs, 5));
        Assert.True((await BytesAsync(_pair.Theirs, sent.Length)).AsSpan().SequenceEqual(sent));
    }

    [Fact]
    public async Task RoundOfOneThing_SendsAtOnce()
    {
        var available = await LoopPair.OnLoopAsync(() =>
        {
            LoopPair.Loop.Batch.IsWorthIt = false;
            Assert.True(IsFlushed("now"));
            return _pair.Theirs.Available;
        });

        Assert.Equal(3, available);
    }

    [Fact]
    public async Task MoreThanABatchHolds_StaysWhole()
    {
        var sent = RandomNumberGenerator.GetBytes(100 * 3_000);
        var pairs = Enumerable.Range(0, 100).Select(_ => new LoopPair()).ToArray();

        await InOneRoundAsync(() =>
        {
            foreach (var (i, pair) in pairs.Index())
            {
                Assert.True(pair.Ours.Transport.Output.WriteAsync(sent.AsMemory(i * 3_000, 3_000)).AsTask().IsCompleted);
            }

            return true;
        });

        foreach (var (i, pair) in pairs.Index())
        {
            var received = await BytesAsync(pair.Theirs, 3_000);
            Assert.True(received.AsSpan().SequenceEqual(sent.AsSpan(i * 3_000, 3_000)));
            await pair.DisposeAsync();
        }
    }

    [Fact]
    public async Task OtherThread_SendsAfterWhatTheLoopOwes()
    {
        Task? second = null;

        var wasDone = await InOneRoundAsync(() =>
        {
            Assert.True(IsFlushed("first "));
            using var begun = new ManualResetEventSlim();
            second = Task.Run(async () =>
            {
                var write = Output.WriteAsync("second"u8.ToArray()).AsTask();
                begun.Set();
                await write;
            });
            Assert.True(begun.Wait(Deadline));
            return second.IsCompleted;
        });

        await second!.WaitAsync(Deadline);
        Assert.False(wasDone);
        Assert.Equal("first second", await ReceiveAsync(_pair.Theirs, 12));
    }

    [Fact]
    public async Task ConnectionThatClosesInTheRound_SendsFirst()
    {
        await InOneRoundAsync(() =>
        {
            Assert.True(IsFlushed("the last answer"));
            return _pair.Ours.DisposeAsync().AsTask().IsCompleted;
        });

        Assert.Equal("the last answer", await ReceiveAsync(_pair.Theirs, 15));
        Assert.Equal(0, await _pair.Theirs.ReceiveAsync(new byte[1]).WaitAsync(Deadline));
    }

    [Fact]
    public async Task OutputThatEndsInTheRound_IsSentFirst()
    {
        await InOneRoundAsync(() =>
        {
            Assert.True(IsFlushed("the last answer"));
            _pair.Ours.EndOutput();
            return true;
        });

        Assert.Equal("the last answer", await ReceiveAsync(_pair.Theirs, 15));
        Assert.Equal(0, await _pair.Theirs.ReceiveAsync(new byte[1]).WaitAsync(Deadline));
    }

    [Fact]
    public async Task WhatTheSystemDoesNotTake_IsSentOnceItDoes_AndTheEndWaitsForIt()
    {
        var piece = RandomNumberGenerator.GetBytes(4_000);
        var pieces = 0;
        Task<FlushResult>? stuck = null;
        while (await InOneRoundAsync(() => (stuck = Output.WriteAsync(piece).AsTask()).IsCompleted))
        {
            Assert.True(++pieces < 10_000, "the system takes everything");
        }

        Assert.True(_pair.Ours.UntakenBytes > 0);
        var received = BytesAsync(_pair.Theirs, (pieces + 1) * piece.Length);
        await stuck!.WaitAsync(Deadline);
        await _pair.Ours.SettleAsync().AsTask().WaitAsync(Deadline);
        await InOneRoundAsync(() => _pair.Ours.DisposeAsync().AsTask().IsCompleted);

        var bytes = await received;
        Assert.All(
            Enumerable.Range(0, pieces + 1),
            i => Assert.True(bytes.AsSpan(i * piece.Length, piece.Length).SequenceEqual(piece)));
        Assert.Equal(0, await _pair.Theirs.ReceiveAsync(new byte[1]).WaitAsync(Deadline));
    }

    [Fact]
    public async Task Settling_WaitsForTheEndOfTheRound()
    {
        Task? settling = null;

        var isSettled = await InOneRoundAsync(() =>
        {
            Assert.True(IsFlushed("answer"));
            settling = _pair.Ours.SettleAsync().AsTask();
            return settling.IsCompleted;
        });

        Assert.False(isSettled);
        await settling!.WaitAsync(Deadline);
        Assert.Equal("answer", await ReceiveAsync(_pair.Theirs, 6));
        Assert.True(_pair.Ours.SettleAsync().AsTask().IsCompletedSuccessfully);
    }

    [Fact]
    public async Task WhoWaits_IsResumed_WhereTheConnectionIsAborted()
    {
        var piece = new byte[4_000];
        Task<FlushResult>? stuck = null;
        while (await InOneRoundAsync(() => (stuck = Output.WriteAsync(piece).AsTask()).IsCompleted))
        {
            Assert.True(_pair.Ours.UntakenBytes < 100_000_000, "the system takes everything");
        }

        _pair.Ours.Abort(new ConnectionAbortedException("for the test"));

        Assert.True((await stuck!.WaitAsync(Deadline)).IsCompleted);
        Assert.True(_pair.Ours.SettleAsync().AsTask().IsCompletedSuccessfully);
    }

    [Fact]
    public async Task WhatIsGivenUpAtTheClose_LooksLikeABreak_NotLikeAnEnd()
    {
        var piece = new byte[4_000];
        var accepted = 0;
        while (await InOneRoundAsync(() => Output.WriteAsync(piece).AsTask().IsCompleted))
        {
            Assert.True(++accepted < 10_000, "the system takes everything");
        }

        await _pair.Ours.DisposeAsync();

        var e = await Assert.ThrowsAsync<SocketException>(async () =>
        {
            while (await _pair.Theirs.ReceiveAsync(new byte[100_000]).WaitAsync(Deadline) > 0)
            {
                // what had left before
            }
        });
        Assert.Equal(SocketError.ConnectionReset, e.SocketErrorCode);
    }

    [Fact]
    public async Task PeerThatHasGone_IsFoundByAFlushAfterwards()
    {
        _pair.Reset();

        await Eventually.True(
            () => InOneRoundAsync(() => !IsFlushed("into the void")), "a flush that finds that nobody is there");
    }

    /// <summary>Does something in a round of the loop that has more to do.</summary>
    private static Task<T> InOneRoundAsync<T>(Func<T> what) => LoopPair.OnLoopAsync(() =>
    {
        LoopPair.Loop.Batch.IsWorthIt = true;
        return what();
    });

    private bool IsFlushed(string text)
    {
        var flush = Output.WriteAsync(Encoding.ASCII.GetBytes(text)).AsTask();
        return flush.IsCompletedSuccessfully && !flush.Result.IsCompleted;
    }

    private static async Task<string> ReceiveAsync(Socket socket, int count) =>
        Encoding.ASCII.GetString(await BytesAsync(socket, count));

    private static async Task<byte[]> BytesAsync(Socket socket, int count)
    {
        var received = new byte[count];
        await using var stream = new NetworkStream(socket);
        await stream.ReadExactlyAsync(received).AsTask().WaitAsync(Deadline);
        return received;
    }
}
