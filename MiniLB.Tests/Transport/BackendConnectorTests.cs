using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using MiniLB.Config;
using MiniLB.Config.Options;
using MiniLB.Transport;
using MiniLB.Transport.Epoll;

namespace MiniLB.Tests.Transport;

public sealed class BackendConnectorTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider _clock = new();
    private readonly Socket _listener;
    private readonly List<Socket> _bound = [];
    private readonly BackendConnector _connector;

    public BackendConnectorTests()
    {
        // All of 127.0.0.0/8 is this machine: 127.0.0.1 refuses on the port on which 127.0.0.2 listens. Who is bound
        // there and does not listen keeps others from it.
        _listener = Bound("127.0.0.2", 0)!;
        while (Array.Exists((string[])["127.0.0.1", "127.0.0.3", "127.0.0.4"], a => Bound(a, Port) is null))
        {
            _listener = Bound("127.0.0.2", 0)!;
        }

        _listener.Listen();
        _connector = new BackendConnector(Limit, _clock)
        {
            Tls = new BackendTls(new BackendTlsOptions(), BackendProtocol.Http11),
        };
    }

    private int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public void Dispose() => _bound.ForEach(s => s.Dispose());

    [Fact]
    public async Task Address_ThatListens_IsConnectedTo()
    {
        await using var stream = await Connect("127.0.0.2");
        using var accepted = await _listener.AcceptAsync().WaitAsync(Deadline);
        await stream.WriteAsync("hello"u8.ToArray());

        Assert.Equal(5, await accepted.ReceiveAsync(new byte[10]).WaitAsync(Deadline));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)] // the handshake follows it, and is not answered
    public async Task WhatComesFirst_IsSentBeforeAllElse(bool tls)
    {
        using var stop = new CancellationTokenSource();
        Assert.Null(BackendAddress.Parse($"{(tls ? "https" : "http")}://127.0.0.2:{Port}", out var address));
        var connecting = _connector.ConnectAsync(address, stop.Token, first: "PROXY UNKNOWN\r\n"u8.ToArray()).AsTask();
        using var accepted = await _listener.AcceptAsync().WaitAsync(Deadline);
        var received = new byte[15];

        Assert.Equal(15, await accepted.ReceiveAsync(received).WaitAsync(Deadline));
        Assert.Equal("PROXY UNKNOWN\r\n"u8, received);
        await stop.CancelAsync();
        await Task.WhenAny(connecting).WaitAsync(Deadline);
        Assert.Equal(!tls, connecting.IsCompletedSuccessfully);
        if (!tls)
        {
            await (await connecting).DisposeAsync();
        }
    }

    [Fact]
    public async Task Address_ThatRefuses_IsASocketErrorThatSaysSo()
    {
        var e = await Assert.ThrowsAsync<SocketException>(() => Connect("127.0.0.1"));

        Assert.Equal(SocketError.ConnectionRefused, e.SocketErrorCode);
    }

    [Fact]
    public async Task Name_ThatDoesNotExist_IsASocketError() =>
        await Assert.ThrowsAsync<SocketException>(() => Connect("no-such-host.invalid"));

    [Fact]
    public async Task FirstAddress_ThatRefuses_LeavesTheSecond()
    {
        await using var stream = await Race(
                _connector, Addresses("127.0.0.1", "127.0.0.2"), Port, null, CancellationToken.None)
            .WaitAsync(Deadline);

        Assert.Equal("127.0.0.2", ((IPEndPoint)StreamEnd.SocketOf(stream)!.RemoteEndPoint!).Address.ToString());
    }

    [Fact]
    public async Task AllAddresses_ThatRefuse_AreTheFirstsError()
    {
        var e = await Assert.ThrowsAsync<SocketException>(() =>
            Race(_connector, Addresses("127.0.0.1", "127.0.0.3", "127.0.0.4"), Port, null, CancellationToken.None)
                .WaitAsync(Deadline));

        Assert.Equal(SocketError.ConnectionRefused, e.SocketErrorCode);
    }

    [Fact]
    public async Task Handshake_ThatIsNotAnswered_TimesOut()
    {
        var connect = Connect("127.0.0.2", tls: true);
        using var accepted = await _listener.AcceptAsync().WaitAsync(Deadline);
        await accepted.ReceiveAsync(new byte[1]).WaitAsync(Deadline);

        _clock.Advance(Limit - TimeSpan.FromTicks(1));
        Assert.False(connect.IsCompleted);
        _clock.Advance(TimeSpan.FromTicks(1));

        Assert.Equal(SocketError.TimedOut, (await Assert.ThrowsAsync<SocketException>(() => connect)).SocketErrorCode);
    }

    [Fact]
    public async Task Cancellation_IsNoTimeout()
    {
        using var stop = new CancellationTokenSource();
        var connect = _connector.ConnectAsync(new BackendAddress(true, "127.0.0.2", Port), stop.Token).AsTask();

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connect.WaitAsync(Deadline));
    }

    /// <returns>Null where another has the port.</returns>
    private Socket? Bound(string address, int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _bound.Add(socket);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Parse(address), port));
            return socket;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return null;
        }
    }

    private static IPAddress[] Addresses(params string[] addresses) => Array.ConvertAll(addresses, IPAddress.Parse);

    // Which addresses a name has is the machine's affair; the race over them is reached without a name.
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "RaceAsync")]
    private static extern Task<Stream> Race(
        BackendConnector connector, IPAddress[] addresses, int port, EventLoop? loop,
        CancellationToken cancellationToken);

    private Task<Stream> Connect(string host, bool tls = false) => _connector
        .ConnectAsync(new BackendAddress(tls, host, Port), CancellationToken.None).AsTask().WaitAsync(Deadline);
}
