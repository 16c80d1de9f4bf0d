using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using MiniLB.Config;
using MiniLB.Config.Options;
using MiniLB.Transport;

namespace MiniLB.Tests.Transport;

public sealed class TransportListenerTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly SocketConnectionContextFactory _connections =
        new(new SocketConnectionFactoryOptions(), NullLogger.Instance);

    public void Dispose() => _connections.Dispose();

    [Fact]
    public async Task Unbind_LeavesAcceptedConnectionsAlone_AndTakesNoMore()
    {
        var listener = Listen(new IPEndPoint(IPAddress.Loopback, 0));
        using var client = Connect(listener.EndPoint);
        await using var accepted = await Accept(listener);

        await listener.UnbindAsync();

        Assert.Throws<SocketException>(() => Connect(listener.EndPoint));
        client.Send("still here"u8);
        var read = await accepted!.Transport.Input.ReadAtLeastAsync(10).AsTask().WaitAsync(Deadline);
        Assert.Equal("still here", Encoding.ASCII.GetString(read.Buffer));
        accepted.Transport.Input.AdvanceTo(read.Buffer.End);
    }

    [Fact]
    public async Task Unbind_EndsTheAcceptLoop()
    {
        var listener = Listen(new IPEndPoint(IPAddress.Loopback, 0));
        var accept = Accept(listener);

        await listener.UnbindAsync();

        Assert.Null(await accept);
    }

    [Fact]
    public async Task Connections_MadeBeforeUnbind_AreAllAccepted()
    {
        var listener = Listen(new IPEndPoint(IPAddress.Loopback, 0));
        var clients = Enumerable.Range(0, 20).Select(_ => Connect(listener.EndPoint)).ToArray();
        var loop = AcceptAllAsync(listener);

        await listener.UnbindAsync();

        Assert.Equal(20, await loop.WaitAsync(Deadline));
        Array.ForEach(clients, c => c.Dispose());
    }

    [Fact]
    public async Task Unbind_RemovesItsUnixSocket_ButNotASuccessors()
    {
        var path = Path.Combine(Path.GetTempPath(), $"minilb-{Guid.NewGuid():n}.sock");
        var endpoint = new UnixDomainSocketEndPoint(path);
        var listener = Listen(endpoint);
        await listener.UnbindAsync();
        Assert.False(File.Exists(path));

        var successor = Listen(endpoint);
        await listener.UnbindAsync();
        await listener.DisposeAsync();

        using var client = Connect(endpoint);
        await successor.UnbindAsync();
    }

    private static Socket Connect(EndPoint endpoint)
    {
        var client = new Socket(endpoint.AddressFamily, SocketType.Stream,
            endpoint is UnixDomainSocketEndPoint ? ProtocolType.Unspecified : ProtocolType.Tcp);
        client.Connect(endpoint);
        return client;
    }

    private static Task<ConnectionContext?> Accept(TransportListener listener) =>
        listener.AcceptAsync().AsTask().WaitAsync(Deadline);

    private static async Task<int> AcceptAllAsync(TransportListener listener)
    {
        var accepted = 0;
        while (await listener.AcceptAsync() is { } connection)
        {
            accepted++;
            await connection.DisposeAsync();
        }

        return accepted;
    }

    private TransportListener Listen(EndPoint endpoint) =>
        new(ListeningSocket.Open(endpoint, mode: null),
            new WantedListener(
                ListenAddress.Default, IsAdmin: false, Mode: null, new ListenerOptions { Address = ListenAddress.Default }),
            _connections.Create,
            NullLogger.Instance);
}
