using System.Net.Sockets;
using MiniLB.Transport;

namespace MiniLB.Tests.Transport;

public sealed class SendQueueTests
{
    [Fact]
    public void PeerThatTakesNothing_LeavesBytesInTheQueue()
    {
        using var pair = new SocketPair();
        Assert.Equal(0, SendQueue.Untaken(pair.Ours));

        pair.Ours.Blocking = false;
        SocketError error;
        do
        {
            pair.Ours.Send(new byte[64 * 1024], SocketFlags.None, out error);
        }
        while (error == SocketError.Success);

        Assert.True(SendQueue.Untaken(pair.Ours) > 0);
    }

    [Fact]
    public void ClosedSocket_HasNothingToSay()
    {
        using var pair = new SocketPair();
        pair.Ours.Dispose();

        Assert.Equal(0, SendQueue.Untaken(pair.Ours));
    }
}
