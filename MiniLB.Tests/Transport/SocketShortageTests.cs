using System.Net.Sockets;
using MiniLB.Transport;

namespace MiniLB.Tests.Transport;

public sealed class SocketShortageTests
{
    [Theory]
    [InlineData(SocketError.TooManyOpenSockets, true)]
    [InlineData(SocketError.NoBufferSpaceAvailable, true)]
    [InlineData(SocketError.ConnectionRefused, false)]
    [InlineData(SocketError.TimedOut, false)]
    public void Error_OfThisProcess_IsToldFromThoseOfThePeer(SocketError error, bool isOurs)
    {
        Assert.Equal(isOurs, SocketShortage.Is(error));
        Assert.Equal(isOurs, SocketShortage.IsIn(
            new HttpRequestException("", new IOException("", new SocketException((int)error)))));
    }

    [Fact]
    public void OtherException_IsNone() => Assert.False(SocketShortage.IsIn(new IOException("", new TimeoutException())));
}
