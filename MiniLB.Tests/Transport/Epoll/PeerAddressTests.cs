using System.Net;
using MiniLB.Transport.Epoll;

namespace MiniLB.Tests.Transport.Epoll;

public sealed class PeerAddressTests
{
    [Theory]
    [InlineData("192.0.2.7", 80)]
    [InlineData("255.255.255.255", 65535)]
    [InlineData("::1", 8080)]
    [InlineData("2001:db8::1:2", 443)]
    [InlineData("::ffff:192.0.2.7", 1024)]
    [InlineData("fe80::1%3", 9)]
    public void AddressOfIp_IsReadAsTheSystemWritesIt(string address, int port)
    {
        var endPoint = new IPEndPoint(IPAddress.Parse(address), port);

        Assert.Equal(endPoint, PeerAddress.Read(endPoint.Serialize().Buffer.Span));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void TooShortForAnAddress_IsNone(int length) =>
        Assert.Null(PeerAddress.Read(new IPEndPoint(IPAddress.Loopback, 80).Serialize().Buffer.Span[..length]));

    [Fact]
    public void Ipv6CutShort_IsNone() =>
        Assert.Null(PeerAddress.Read(new IPEndPoint(IPAddress.IPv6Loopback, 80).Serialize().Buffer.Span[..27]));

    [Fact]
    public void UnixSocket_HasNone() => Assert.Null(PeerAddress.Read([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
}
