using System.Net;
using System.Net.Sockets;
using MiniLB.Transport;

namespace MiniLB.Tests.Transport;

public sealed class ListenExceptionTests
{
    [Fact]
    public void LowPort_ThatIsForbidden_SaysWhatWouldAllowIt()
    {
        var exception = Of(new IPEndPoint(IPAddress.Any, 80), SocketError.AccessDenied);

        Assert.StartsWith("cannot listen on 0.0.0.0:80: Permission denied; a port below 1024 needs "
            + "CAP_NET_BIND_SERVICE, ", exception.Message, StringComparison.Ordinal);
        Assert.False(exception.IsAddressInUse);
    }

    [Theory]
    [InlineData(1024, SocketError.AccessDenied)]
    [InlineData(80, SocketError.AddressAlreadyInUse)]
    public void OtherErrors_AreSaidAsTheSystemHasThem(int port, SocketError error)
    {
        var cause = new SocketException((int)error);
        var exception = Of(new IPEndPoint(IPAddress.IPv6Any, port), error);

        Assert.Equal($"cannot listen on [::]:{port}: {cause.Message}", exception.Message);
        Assert.Equal(error == SocketError.AddressAlreadyInUse, exception.IsAddressInUse);
    }

    [Fact]
    public void UnixSocket_ThatIsForbidden_IsNoPort() => Assert.Equal(
        "cannot listen on /run/x.sock: Permission denied",
        Of(new UnixDomainSocketEndPoint("/run/x.sock"), SocketError.AccessDenied).Message);

    private static ListenException Of(EndPoint endpoint, SocketError error) =>
        new(endpoint, new SocketException((int)error));
}
