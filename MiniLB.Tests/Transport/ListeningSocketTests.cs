using System.Net;
using System.Net.Sockets;
using MiniLB.Transport;

namespace MiniLB.Tests.Transport;

public sealed class ListeningSocketTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("minilb-").FullName;

    private UnixDomainSocketEndPoint Unix => new(Path.Combine(_folder, "m.sock"));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void AnyAddress_IsReachedOverIPv4AndWhereThereIsOneOverIPv6()
    {
        using var socket = ListeningSocket.Open(new IPEndPoint(IPAddress.IPv6Any, 0), mode: null);
        var port = ((IPEndPoint)socket.LocalEndPoint!).Port;

        Connect(new IPEndPoint(IPAddress.Loopback, port));
        if (socket.AddressFamily == AddressFamily.InterNetworkV6)
        {
            Connect(new IPEndPoint(IPAddress.IPv6Loopback, port));
        }
    }

    [Fact]
    public void OneAddress_IsNotReachedOverAnother()
    {
        using var socket = ListeningSocket.Open(new IPEndPoint(IPAddress.Loopback, 0), mode: null);
        var port = ((IPEndPoint)socket.LocalEndPoint!).Port;

        Connect(new IPEndPoint(IPAddress.Loopback, port));
        Assert.Throws<SocketException>(() => Connect(new IPEndPoint(IPAddress.Parse("127.0.0.2"), port)));
    }

    [Fact]
    public void AddressInUse_IsSaidSo()
    {
        using var socket = ListeningSocket.Open(new IPEndPoint(IPAddress.Loopback, 0), mode: null);

        var e = Assert.Throws<SocketException>(() => ListeningSocket.Open(socket.LocalEndPoint!, mode: null));

        Assert.True(new ListenException(socket.LocalEndPoint!, e).IsAddressInUse);
    }

    [Fact]
    public void UnixSocket_HasTheModeAskedFor()
    {
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupWrite;

        using var socket = ListeningSocket.Open(Unix, Mode);

        Connect(Unix);
        Assert.Equal(Mode, new FileInfo(Unix.ToString()!).UnixFileMode);
    }

    [Fact]
    public void UnixSocket_LeftBehindByAKilledProcess_IsReplaced()
    {
        using (var killed = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            // .NET removes the file that it bound; under another name it stays.
            var bound = Path.Combine(_folder, "bound.sock");
            killed.Bind(new UnixDomainSocketEndPoint(bound));
            File.Move(bound, Unix.ToString()!);
        }

        Assert.True(File.Exists(Unix.ToString()), "nothing was left behind");
        using var socket = ListeningSocket.Open(Unix, mode: null);
        Connect(Unix);
    }

    [Fact]
    public void UnixSocket_OfALiveProcess_IsNotTaken()
    {
        using var live = ListeningSocket.Open(Unix, mode: null);

        var e = Assert.Throws<SocketException>(() => ListeningSocket.Open(Unix, mode: null));

        Assert.Equal(SocketError.AddressAlreadyInUse, e.SocketErrorCode);
        Connect(Unix);
    }

    [Theory]
    [InlineData("precious")]
    [InlineData("")]
    public void File_ThatIsNoSocket_IsNotTouched(string content)
    {
        File.WriteAllText(Unix.ToString()!, content);

        Assert.Throws<SocketException>(() => ListeningSocket.Open(Unix, mode: null));

        Assert.Equal(content, File.ReadAllText(Unix.ToString()!));
    }

    private static void Connect(EndPoint endpoint)
    {
        using var client = new Socket(endpoint.AddressFamily, SocketType.Stream,
            endpoint is UnixDomainSocketEndPoint ? ProtocolType.Unspecified : ProtocolType.Tcp);
        client.Connect(endpoint);
    }
}
