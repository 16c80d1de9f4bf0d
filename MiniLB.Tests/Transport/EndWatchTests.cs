using System.Net.Sockets;
using MiniLB.Transport;

namespace MiniLB.Tests.Transport;

public sealed class EndWatchTests
{
    [Fact]
    public async Task End_IsKnownOnceItWasRead()
    {
        using var pair = new SocketPair();
        await using var watch = new EndWatch(new NetworkStream(pair.Ours));
        await pair.Theirs.SendAsync("ab"u8.ToArray());
        pair.End();
        var buffer = new byte[1];

        Assert.Equal(0, await watch.ReadAsync(Memory<byte>.Empty));
        Assert.Equal(1, await watch.ReadAsync(buffer));
        Assert.Equal(1, await watch.ReadAsync(buffer));
        Assert.False(watch.HasEnded);
        Assert.Equal(0, await watch.ReadAsync(buffer));
        Assert.True(watch.HasEnded);
    }
}
