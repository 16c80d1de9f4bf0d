using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using MiniLB.Transport.Epoll;

namespace MiniLB.Tests.Transport.Epoll;

public sealed class LoopStreamTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public LoopStreamTests() => _listener.Start();

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task Connection_CarriesBytesBothWays()
    {
        await using var stream = await ConnectAsync();
        using var theirs = await _listener.AcceptSocketAsync();
        var sent = RandomNumberGenerator.GetBytes(10_000_000);
        var echo = Task.Run(async () =>
        {
            await using var other = new NetworkStream(theirs);
            await other.CopyToAsync(other);
        });
        var writing = stream.WriteAsync(sent).AsTask();
        var received = new byte[sent.Length];

        await stream.ReadExactlyAsync(received).AsTask().WaitAsync(Deadline);
        await writing.WaitAsync(Deadline);

        Assert.True(received.AsSpan().SequenceEqual(sent));
        stream.Socket.Shutdown(SocketShutdown.Send);
        await echo.WaitAsync(Deadline);
        theirs.Dispose();
        Assert.Equal(0, await stream.ReadAsync(received).AsTask().WaitAsync(Deadline));
    }

    [Fact]
    public async Task OutputThatEnds_WaitsForWhatTheRoundStillHasToSend()
    {
        await using var stream = await ConnectAsync();
        using var theirs = await _listener.AcceptSocketAsync();
        Task? ending = null;

        var hasEnded = await LoopPair.OnLoopAsync(() =>
        {
            LoopPair.Loop.Batch.IsWorthIt = true;
            Assert.True(stream.WriteAsync("the last"u8.ToArray()).AsTask().IsCompletedSuccessfully);
            ending = stream.EndOutputAsync().AsTask();
            return ending.IsCompleted;
        });

        Assert.False(hasEnded);
        await ending!.WaitAsync(Deadline);
        var received = new byte[8];
        await using var other = new NetworkStream(theirs);
        await other.ReadExactlyAsync(received).AsTask().WaitAsync(Deadline);
        Assert.Equal(0, await theirs.ReceiveAsync(new byte[1]).WaitAsync(Deadline));
    }

    [Fact]
    public async Task NobodyThere_IsRefused()
    {
        _listener.Stop();
        using var free = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        free.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // and does not listen

        var e = await Assert.ThrowsAsync<SocketException>(
            () => LoopStream.ConnectAsync((IPEndPoint)free.LocalEndPoint!, LoopPair.Loop, CancellationToken.None)
                .WaitAsync(Deadline));

        Assert.Equal(SocketError.ConnectionRefused, e.SocketErrorCode);
    }

    [Fact]
    public async Task ReadOfNothing_WaitsForBytes_AndTakesNone()
    {
        await using var stream = await ConnectAsync();
        using var theirs = await _listener.AcceptSocketAsync();
        var read = stream.ReadAsync(Memory<byte>.Empty).AsTask();
        Assert.False(read.IsCompleted);

        theirs.Send("x"u8);

        await read.WaitAsync(Deadline);
        Assert.Equal(1, await stream.ReadAsync(new byte[10]).AsTask().WaitAsync(Deadline));
    }

    [Fact]
    public async Task ReadThatIsGivenUp_LeavesTheNextOneAlone()
    {
        await using var stream = await ConnectAsync();
        using var theirs = await _listener.AcceptSocketAsync();
        using var giveUp = new CancellationTokenSource();
        var read = stream.ReadAsync(new byte[10], giveUp.Token).AsTask();

        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read.WaitAsync(Deadline));
        theirs.Send("x"u8);
        Assert.Equal(1, await stream.ReadAsync(new byte[10]).AsTask().WaitAsync(Deadline));
    }

    [Fact]
    public async Task SecondWrite_WhileTheFirstWaits_Fails_AndTheFirstGoesOn()
    {
        await using var stream = await ConnectAsync();
        using var theirs = await _listener.AcceptSocketAsync();
        var sent = RandomNumberGenerator.GetBytes(20_000_000);
        var first = stream.WriteAsync(sent).AsTask();
        Assert.False(first.IsCompleted);

        await Assert.ThrowsAsync<IOException>(() => stream.WriteAsync("x"u8.ToArray()).AsTask());

        var received = new byte[sent.Length];
        await using var other = new NetworkStream(theirs);
        await other.ReadExactlyAsync(received).AsTask().WaitAsync(Deadline);
        await first.WaitAsync(Deadline);
        Assert.True(received.AsSpan().SequenceEqual(sent));
    }

    [Fact]
    public async Task Close_EndsTheReadThatWaits_AndCountsOnce()
    {
        var stream = await ConnectAsync();
        using var theirs = await _listener.AcceptSocketAsync();
        var (opened, closed) = (0, 0);
        stream.Count(() => opened++, () => closed++);
        var read = stream.ReadAsync(new byte[10]).AsTask();

        await stream.DisposeAsync();
        await stream.DisposeAsync();

        await Assert.ThrowsAsync<IOException>(() => read.WaitAsync(Deadline));
        Assert.Equal((1, 1), (opened, closed));
        Assert.Equal(0, await theirs.ReceiveAsync(new byte[1]).WaitAsync(Deadline));
        await Assert.ThrowsAsync<IOException>(() => stream.WriteAsync("x"u8.ToArray()).AsTask());
    }

    [Fact]
    public async Task DescriptorThatIsUsedAgain_IsNotTakenForTheOldOne()
    {
        for (var i = 0; i < 200; i++)
        {
            var stream = await ConnectAsync();
            using var theirs = await _listener.AcceptSocketAsync();
            theirs.Send("a"u8);
            Assert.Equal(1, await stream.ReadAsync(new byte[10]).AsTask().WaitAsync(Deadline));
            var last = stream.ReadAsync(new byte[10]).AsTask();
            theirs.Dispose();
            Assert.Equal(0, await last.WaitAsync(Deadline));
            await stream.DisposeAsync();
        }
    }

    private Task<LoopStream> ConnectAsync() => LoopStream.ConnectAsync(
        (IPEndPoint)_listener.LocalEndpoint, LoopPair.Loop, CancellationToken.None).WaitAsync(Deadline);
}
