using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using MiniLB.Config;
using MiniLB.Config.Options;
using MiniLB.Tests.Journeys.Harness;
using MiniLB.Transport;

namespace MiniLB.Tests.Transport;

public sealed class ListenerSetTests : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new();
    private readonly Channel<bool> _accepted = Channel.CreateUnbounded<bool>();
    private ListenerSet? _set;

    public async ValueTask DisposeAsync()
    {
        if (_set is not null)
        {
            await _set.StopAcceptingAsync();
            await _set.DisposeAsync();
        }

        _folder.Dispose();
    }

    [Fact]
    public async Task EverySocket_IsAcceptedFrom_AndSaysWhichItWas()
    {
        await OpenAsync(Options("127.0.0.1:0", "unix:" + _folder.File("a")));

        Assert.False(await AcceptedFromAsync(_set!.ClientEndPoints.First()));
        Assert.False(await AcceptedFromAsync(_set.ClientEndPoints.Last()));
        Assert.True(await AcceptedFromAsync(_set.AdminEndPoint!));
    }

    [Fact]
    public async Task SameSocket_StaysOpen_AndOthersComeAndGo()
    {
        await OpenAsync(Options("127.0.0.1:0", "unix:" + _folder.File("a")));
        var tcp = _set!.ClientEndPoints.First();

        await _set.Prepare(Options("127.0.0.1:0", "unix:" + _folder.File("b"))).ApplyAsync();

        Assert.Equal(tcp, _set.ClientEndPoints.First());
        Assert.False(await AcceptedFromAsync(tcp));
        Assert.False(await AcceptedFromAsync(_set.ClientEndPoints.Last()));
        Assert.False(File.Exists(_folder.File("a")));
    }

    [Fact]
    public async Task AddressInUse_ClosesWhatWasOpenedBeforeIt_AndLeavesTheRest()
    {
        await OpenAsync(Options("127.0.0.1:0"));
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var tcp = _set!.ClientEndPoints.First();

        Assert.Throws<ListenException>(
            () => _set.Prepare(Options("unix:" + _folder.File("a"), taken.LocalEndpoint.ToString()!)));

        Assert.False(File.Exists(_folder.File("a")));
        Assert.Equal([tcp], _set.ClientEndPoints);
        Assert.False(await AcceptedFromAsync(tcp));
    }

    [Fact]
    public async Task DiscardedChange_ChangesNothing()
    {
        await OpenAsync(Options("127.0.0.1:0"));

        _set!.Prepare(Options("unix:" + _folder.File("a"))).Discard();

        Assert.False(File.Exists(_folder.File("a")));
        Assert.False(await AcceptedFromAsync(Assert.Single(_set.ClientEndPoints)));
    }

    private BalancerOptions Options(params string[] addresses) => new()
    {
        Listeners = [.. addresses.Select(a => new ListenerOptions { Address = Address(a) })],
        Admin = new AdminOptions { Address = Address("unix:" + _folder.File("admin")) },
    };

    private static ListenAddress Address(string text)
    {
        Assert.True(ListenAddress.TryParse(text, out var address));
        return address;
    }

    private async Task OpenAsync(BalancerOptions options)
    {
        _set = new ListenerSet(options, NullLogger<ListenerSet>.Instance, InheritedSockets.None)
        {
            Serve = c => _accepted.Writer.WriteAsync(c.Features.Get<TransportListener>()!.IsAdmin).AsTask(),
        };
        await _set.OpenAsync();
    }

    /// <returns>Whether the connection that is accepted next came in on the admin address.</returns>
    private async Task<bool> AcceptedFromAsync(EndPoint endpoint)
    {
        using var client = new Socket(
            endpoint.AddressFamily, SocketType.Stream,
            endpoint is IPEndPoint ? ProtocolType.Tcp : ProtocolType.Unspecified);
        await client.ConnectAsync(endpoint);
        return await _accepted.Reader.ReadAsync().AsTask().WaitAsync(Deadline);
    }
}
