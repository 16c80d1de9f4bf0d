using System.Net;
using System.Net.Sockets;
using System.Text;
using MiniLB.Tests.Journeys.Harness;
using MiniLB.Transport;

namespace MiniLB.Tests.Transport;

public sealed class BackendConnectionTests
{
    [Fact]
    public async Task ReceivedBytes_StayUntilTheyAreConsumed()
    {
        var (stream, connection) = Open();
        stream.Say("abc");
        Assert.Equal(3, await connection.ReceiveAsync());
        connection.Consume(1);
        stream.Say("def");
        Assert.Equal(3, await connection.ReceiveAsync());

        Assert.Equal("bcdef", Received(connection));

        connection.Consume(5);
        Assert.True(connection.Received.IsEmpty);
    }

    // 8 KiB are there at first: what is consumed makes room, what is not makes the room grow, and no byte moves away.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5000)]
    [InlineData(8191)]
    public async Task MoreThanThereIsRoomFor_IsReceivedWholeAndInOrder(int consumed)
    {
        var (stream, connection) = Open();
        var all = string.Concat(Enumerable.Range(0, 8000).Select(i => $"{i:0000} "));
        stream.Say(all);
        await connection.ReceiveAsync();
        connection.Consume(consumed);

        while (connection.Received.Length < all.Length - consumed)
        {
            Assert.True(await connection.ReceiveAsync() > 0);
        }

        Assert.Equal(all[consumed..], Received(connection));
    }

    [Fact]
    public async Task RoomForLongBodies_KeepsWhatIsThere()
    {
        var (stream, connection) = Open();
        stream.Say("0123456789");
        await connection.ReceiveAsync();
        connection.Consume(4);

        connection.ExpectMuch();

        Assert.Equal("456789", Received(connection));
        stream.Say(new string('x', 40_000));
        Assert.Equal(40_000, await connection.ReceiveAsync());
    }

    [Fact]
    public async Task EndOfTheBackend_IsZeroBytes()
    {
        var (stream, connection) = Open();
        stream.End();

        Assert.Equal(0, await connection.ReceiveAsync());
    }

    [Fact]
    public async Task Output_IsSentAtOnceAndEmptied()
    {
        var (stream, connection) = Open();
        connection.Output.Write("GET /"u8);
        connection.Output.Write("\u00e4");

        await connection.SendAsync();

        Assert.Equal(("GET /\u00e4", 0), (stream.Told, connection.Output.Length));
    }

    [Fact]
    public async Task AbortedConnection_EndsAPendingReadAndEveryWrite_InAnIOException()
    {
        var (_, connection) = Open();
        var read = connection.ReceiveAsync().AsTask();

        connection.Dispose();

        await Assert.ThrowsAsync<IOException>(() => read);
        await Assert.ThrowsAsync<IOException>(() => connection.SendAsync(new byte[1]).AsTask());
        connection.Output.Write("a"u8);
        await Assert.ThrowsAsync<IOException>(() => connection.SendAsync().AsTask());
        await Assert.ThrowsAsync<IOException>(() => connection.ReceiveAsync().AsTask());
        Assert.True(connection.IsAborted);
    }

    [Fact]
    public void Abort_ByManyAtOnce_ClosesTheStreamOnce()
    {
        var (stream, connection) = Open();

        Parallel.For(0, 100, _ => connection.Dispose());

        Assert.Equal(1, stream.Disposals);
    }

    [Fact]
    public async Task KeptConnection_IsQuiet_AndWhatComesLaterIsReceived()
    {
        var (stream, connection) = Open();
        Assert.False(connection.IsReused);
        Assert.False(connection.IsQuiet);

        Assert.True(connection.TryKeep(since: 77));

        Assert.True(connection.IsQuiet && connection.IsReused);
        Assert.Equal(77, connection.IdleSince);
        var read = connection.ReceiveAsync();
        stream.Say("answer");
        Assert.Equal(6, await read);
        Assert.Equal("answer", Received(connection));
        connection.Consume(6);
        Assert.True(connection.TryKeep(since: 78));
    }

    [Fact]
    public void ConnectionThatEndedBeforeItIsKept_IsNotKept()
    {
        var (stream, connection) = Open();
        stream.End();

        Assert.False(connection.TryKeep(since: 1));
    }

    [Fact]
    public async Task ConnectionWithBytesNobodyAskedFor_IsNotKept()
    {
        var (stream, early) = Open();
        stream.Say("a");
        Assert.False(early.TryKeep(since: 1));

        var (other, received) = Open();
        other.Say("a");
        await received.ReceiveAsync();
        Assert.False(received.TryKeep(since: 1));
    }

    [Fact]
    public void AbortedConnection_IsNotKept()
    {
        var (_, connection) = Open();
        connection.Dispose();

        Assert.False(connection.TryKeep(since: 1));
        Assert.False(connection.IsQuiet);
    }

    [Fact]
    public void KeptConnection_ThatEndsOrSpeaks_IsQuietNoMore()
    {
        var (ended, first) = Open();
        var (speaking, second) = Open();
        Assert.True(first.TryKeep(since: 1) && second.TryKeep(since: 1));

        ended.End();
        speaking.Say("HTTP/1.1 408 \r\n");

        Assert.True(SpinWait.SpinUntil(() => !first.IsQuiet && !second.IsQuiet, TimeSpan.FromSeconds(30)));
    }

    // An end would wait behind the bytes that the backend does not read.
    [Fact]
    public async Task ConnectionClosedInMidRequest_IsGoneAtOnceForABackendThatDoesNotRead()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(listener.LocalEndpoint);
        using var backend = await listener.AcceptSocketAsync();
        client.Blocking = false;
        var piece = new byte[65_536];
        while (client.Poll(TimeSpan.FromMilliseconds(100), SelectMode.SelectWrite))
        {
            client.Send(piece, SocketFlags.None, out _);
        }

        client.Blocking = true;
        var connection = new BackendConnection(new NetworkStream(client, ownsSocket: true), now: 1)
        {
            OwesRequest = true,
        };

        connection.Dispose();

        await Eventually.True(() => TcpState.IsGone(backend), "the end of the connection");
    }

    private static (ScriptedStream Stream, BackendConnection Connection) Open()
    {
        var stream = new ScriptedStream();
        return (stream, new BackendConnection(stream, now: 1));
    }

    private static string Received(BackendConnection connection) => Encoding.Latin1.GetString(connection.Received);
}
