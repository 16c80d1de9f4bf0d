using System.Net;
using System.Net.Sockets;
using MiniLB.Transport;

namespace MiniLB.Tests.Transport;

/// <summary>Who connects to a filtered socket is neither accepted nor refused; who has connected before is not
/// touched.</summary>
public sealed class SynFilterTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task Filter_LeavesNewConnectionsUnanswered_AndOthersAlone(string address)
    {
        using var listening = New(address);
        listening.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
        listening.Listen();
        using var accepted = New(address);
        using var waiting = New(address);
        await accepted.ConnectAsync(listening.LocalEndPoint!);
        await waiting.ConnectAsync(listening.LocalEndPoint!);
        using var server = await listening.AcceptAsync();

        SynFilter.Attach(listening);

        using var late = New(address);
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await late.ConnectAsync(listening.LocalEndPoint!, soon.Token));
        using var second = await listening.AcceptAsync();
        foreach (var (client, peer) in new[] { (accepted, server), (waiting, second) })
        {
            await client.SendAsync(new byte[] { 1 });
            Assert.Equal(1, await peer.ReceiveAsync(new byte[1]));
        }
    }

    [Fact]
    public async Task Detached_LetsNewConnectionsInAgain()
    {
        using var listening = New("127.0.0.1");
        listening.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listening.Listen();
        SynFilter.Attach(listening);

        SynFilter.Detach(listening);

        using var client = New("127.0.0.1");
        await client.ConnectAsync(listening.LocalEndPoint!);
        Assert.True(client.Connected);
        SynFilter.Detach(listening); // there is none: nothing happens
    }

    private static Socket New(string address) =>
        new(IPAddress.Parse(address).AddressFamily, SocketType.Stream, ProtocolType.Tcp);
}
