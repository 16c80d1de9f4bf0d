using MiniLB.Transport;

namespace MiniLB.Tests.Transport;

public sealed class BackendStreamTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly SocketPair _pair = new();
    private readonly BackendStream _stream;
    private readonly byte[] _buffer = new byte[100];

    public BackendStreamTests() => _stream = new BackendStream(_pair.Ours);

    public void Dispose()
    {
        _stream.Dispose();
        _pair.Dispose();
    }

    [Fact]
    public async Task End_WhileTheFirstAnswerIsAwaited_IsAClosedNewConnection()
    {
        await _stream.WriteAsync("request"u8.ToArray());
        _pair.End();

        var closed = await Assert.ThrowsAsync<BackendClosedException>(Read);

        Assert.Equal((true, false), (closed.Sent, closed.Reused));
    }

    [Fact]
    public async Task Reset_WhileTheFirstAnswerIsAwaited_IsAClosedNewConnection()
    {
        await _stream.WriteAsync("request"u8.ToArray());
        _pair.Reset();

        var closed = await Assert.ThrowsAsync<BackendClosedException>(Read);

        Assert.Equal((true, false), (closed.Sent, closed.Reused));
    }

    [Fact]
    public async Task End_WhileALaterAnswerIsAwaited_IsAClosedReusedConnection()
    {
        await Exchange();
        await _stream.WriteAsync("request"u8.ToArray());
        _pair.End();

        var closed = await Assert.ThrowsAsync<BackendClosedException>(Read);

        Assert.Equal((true, true), (closed.Sent, closed.Reused));
    }

    [Fact]
    public async Task End_InTheMiddleOfAnAnswer_IsAnEnd()
    {
        await Exchange();
        _pair.End();

        Assert.Equal(0, await Read());
    }

    [Fact]
    public async Task Reset_InTheMiddleOfAnAnswer_IsAnIOExceptionAndNotAClosedConnection()
    {
        await Exchange();
        _pair.Reset();

        await Assert.ThrowsAsync<IOException>(Read);
    }

    [Fact]
    public async Task End_BeforeAnyRequest_IsAnEnd()
    {
        _pair.End();

        Assert.Equal(0, await Read());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Write_AfterAnEndThatWasSeenBetweenRequests_SendsNothing(bool answered)
    {
        if (answered)
        {
            await Exchange();
        }

        _pair.End();
        await Read();

        var closed = await Assert.ThrowsAsync<BackendClosedException>(
            () => _stream.WriteAsync("request"u8.ToArray()).AsTask());

        Assert.Equal((false, answered), (closed.Sent, closed.Reused));
    }

    [Fact]
    public async Task Write_AfterTheEndOfAnAwaitedAnswer_SaysThatBytesWereSent()
    {
        await _stream.WriteAsync("head"u8.ToArray());
        _pair.End();
        await Assert.ThrowsAsync<BackendClosedException>(Read);

        var closed = await Assert.ThrowsAsync<BackendClosedException>(
            () => _stream.WriteAsync("body"u8.ToArray()).AsTask());

        Assert.True(closed.Sent);
    }

    [Fact]
    public async Task ZeroByteRead_WaitsForBytes_AndBeginsNoAnswer()
    {
        await _stream.WriteAsync("request"u8.ToArray());
        var waiting = _stream.ReadAsync(Memory<byte>.Empty).AsTask();
        Assert.False(waiting.IsCompleted);

        _pair.Theirs.Send("a"u8);

        Assert.Equal(0, await waiting.WaitAsync(Deadline));
        Assert.Equal(1, await Read());
    }

    [Fact]
    public async Task ZeroByteRead_ThatIsEndedByTheBackend_LeavesTheEndToTheNextRead()
    {
        await _stream.WriteAsync("request"u8.ToArray());
        _pair.End();

        Assert.Equal(0, await _stream.ReadAsync(Memory<byte>.Empty).AsTask().WaitAsync(Deadline));

        Assert.True((await Assert.ThrowsAsync<BackendClosedException>(Read)).Sent);
    }

    [Fact]
    public async Task LargeWrite_ArrivesWhole()
    {
        var sent = new byte[3_000_000];
        new Random(1).NextBytes(sent);
        var write = _stream.WriteAsync(sent).AsTask();

        var received = new byte[sent.Length];
        using var theirs = new System.Net.Sockets.NetworkStream(_pair.Theirs);
        await theirs.ReadExactlyAsync(received).AsTask().WaitAsync(Deadline);

        await write.WaitAsync(Deadline);
        Assert.Equal(sent, received);
    }

    [Fact]
    public async Task CancelledRead_IsCancelled_AndNoEnd()
    {
        using var stop = new CancellationTokenSource();
        await _stream.WriteAsync("request"u8.ToArray());
        var read = _stream.ReadAsync(_buffer, stop.Token).AsTask();

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read.WaitAsync(Deadline));
    }

    private async Task Exchange()
    {
        await _stream.WriteAsync("request"u8.ToArray());
        _pair.Theirs.Send("answer"u8);
        Assert.Equal(6, await Read());
    }

    private Task<int> Read() => _stream.ReadAsync(_buffer).AsTask().WaitAsync(Deadline);
}
