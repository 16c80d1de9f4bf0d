using System.Net;
using System.Net.Sockets;
using MiniLB.Config;
using MiniLB.Config.Options;
using MiniLB.Transport;

namespace MiniLB.Tests.Transport;

public sealed class InheritedSocketsTests
{
    [Theory]
    [InlineData("own client 127.0.0.1:0", "127.0.0.1:0", false, true)]
    [InlineData("own client 127.0.0.1:0", "127.0.0.1:1", false, false)]
    [InlineData("own admin 127.0.0.1:0", "127.0.0.1:0", true, true)]
    [InlineData("own admin 127.0.0.1:0", "127.0.0.1:0", false, false)]
    [InlineData("lent client :0", ":0", false, true)]
    [InlineData("own client :0", "[::]:0", false, false)]
    public void SocketOfAnUpgrade_IsFoundByWhatWasConfigured(string said, string wanted, bool isAdmin, bool found)
    {
        var inherited = Take(InheritedSockets.Variable, $"{Inherit()} {said}");

        var socket = inherited.Find(Wanted(wanted, isAdmin));

        Assert.Equal(found, socket is not null);
        socket?.Socket.Dispose();
        inherited.CloseRest();
    }

    [Fact]
    public void Socket_IsFoundOnce()
    {
        var inherited = Take(InheritedSockets.Variable, $"{Inherit()} own client 127.0.0.1:0");

        Assert.Equal(SocketOwner.Processes, inherited.Find(Wanted("127.0.0.1:0", isAdmin: false))!.Owner);
        Assert.Null(inherited.Find(Wanted("127.0.0.1:0", isAdmin: false)));
    }

    [Fact]
    public void WhatIsNotWantedAnyMore_IsClosed()
    {
        var descriptor = Inherit();
        var inherited = Take(InheritedSockets.Variable, $"{descriptor} own client 127.0.0.1:0");
        var link = new FileInfo($"/proc/self/fd/{descriptor}");
        var socket = link.LinkTarget;

        inherited.CloseRest();

        // The number may be another test's at once.
        link.Refresh();
        Assert.StartsWith("socket:", socket, StringComparison.Ordinal);
        Assert.NotEqual(socket, link.LinkTarget);
    }

    [Fact]
    public void WhatDoesNotListen_IsAnError()
    {
        // Whoever takes it closes it: closed here once more, it could be another test's by then.
        var file = File.OpenHandle("/dev/null");
        var descriptor = (int)file.DangerousGetHandle();
        file.SetHandleAsInvalid();

        var e = Assert.Throws<InvalidDataException>(
            () => Take(InheritedSockets.Variable, $"{descriptor} own client 127.0.0.1:0"));

        Assert.Contains("no listening stream socket", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SocketsOfSystemdForAnotherProcess_AreNotOurs() => Assert.Null(InheritedSockets.Take(
        name => name == "LISTEN_PID" ? "1" : name == "LISTEN_FDS" ? "1" : null)
        .Find(Wanted("127.0.0.1:0", isAdmin: false)));

    private static InheritedSockets Take(string name, string value) =>
        InheritedSockets.Take(asked => asked == name ? value : null);

    private static WantedListener Wanted(string text, bool isAdmin)
    {
        Assert.True(ListenAddress.TryParse(text, out var address));
        return new WantedListener(address, isAdmin, Mode: null, new ListenerOptions { Address = address });
    }

    [Fact]
    public void UnixSocket_IsRestrictedToThoseWhoMay()
    {
        var folder = Directory.CreateTempSubdirectory("minilb-").FullName;
        try
        {
            var path = Path.Combine(folder, "admin.sock");
            using var socket = ListeningSocket.Open(new UnixDomainSocketEndPoint(path), mode: null);
            File.SetUnixFileMode(path, (UnixFileMode)0x1FF);

            new InheritedSocket(socket, SocketOwner.Systemd, null, null).Restrict(UnixFileMode.UserWrite);

            Assert.Equal(UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void PathOfASocketWhoseFolderIsGone_IsNoError()
    {
        var folder = Directory.CreateTempSubdirectory("minilb-").FullName;
        var endpoint = new UnixDomainSocketEndPoint(Path.Combine(folder, "client.sock"));
        var socket = ListeningSocket.Open(endpoint, mode: null);
        Directory.Delete(folder, recursive: true);

        new InheritedSocket(socket, SocketOwner.Processes, null, null).Close();

        Assert.False(Directory.Exists(folder));
    }

    // As the process before would have passed it on: open, and nobody's.
    private static int Inherit()
    {
        var socket = ListeningSocket.Open(new IPEndPoint(IPAddress.Loopback, 0), mode: null);
        var descriptor = (int)socket.Handle;
        socket.SafeHandle.SetHandleAsInvalid();
        return descriptor;
    }
}
