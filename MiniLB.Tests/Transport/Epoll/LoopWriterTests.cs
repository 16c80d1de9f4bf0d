using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Connections;

namespace MiniLB.Tests.Transport.Epoll;

public sealed class LoopWriterTests : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly LoopPair _pair = new();

    private PipeWriter Output => _pair.Ours.Transport.Output;

    public ValueTask DisposeAsync() => _pair.DisposeAsync();

    [Fact]
    public async Task FlushWhileAnotherWaits_IsAnError_AndTheFirstGoesOn()
    {
        Output.Write(new byte[20_000_000]);
        var first = Output.FlushAsync().AsTask();

        await Assert.ThrowsAsync<InvalidOperationException>(() => Output.FlushAsync().AsTask());

        await using var stream = new NetworkStream(_pair.Theirs);
        await stream.ReadExactlyAsync(new byte[20_000_000]).AsTask().WaitAsync(Deadline);
        Assert.False((await first.WaitAsync(Deadline)).IsCompleted);
    }

    [Fact]
    public async Task FlushThatThePeerDoesNotTake_WaitsUntilItDoes()
    {
        var sent = RandomNumberGenerator.GetBytes(20_000_000);
        Output.Write(sent);
        Assert.Equal(sent.Length, Output.UnflushedBytes);

        var flush = Output.FlushAsync().AsTask();

        Assert.False(flush.IsCompleted);
        await using var stream = new NetworkStream(_pair.Theirs);
        var received = new byte[sent.Length];
        await stream.ReadExactlyAsync(received).AsTask().WaitAsync(Deadline);
        Assert.False((await flush.WaitAsync(Deadline)).IsCompleted);
        Assert.True(received.AsSpan().SequenceEqual(sent));
    }

    [Fact]
    public async Task FlushThatWaits_EndsWithTheConnection()
    {
        Output.Write(new byte[20_000_000]);
        var flush = Output.FlushAsync().AsTask();

        _pair.Ours.Abort(new ConnectionAbortedException("enough"));

        Assert.True((await flush.WaitAsync(Deadline)).IsCompleted);
    }
}
