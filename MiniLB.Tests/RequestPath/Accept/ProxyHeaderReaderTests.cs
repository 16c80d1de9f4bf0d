using Microsoft.Extensions.Logging.Abstractions;
using MiniLB.Config.Options;
using MiniLB.RequestPath.Accept;
using MiniLB.State;

namespace MiniLB.Tests.RequestPath.Accept;

public sealed class ProxyHeaderReaderTests
{
    private const string Header = "PROXY TCP4 192.0.2.1 198.51.100.2 56324 443\r\n";
    private const string Request = "GET / HTTP/1.1\r\n\r\n";

    private readonly World _world = new(new BalancerOptions
    {
        Pools = [Sample.PoolOptions()],
        TrustedProxies = TestExchange.Cidrs("10.0.0.0/8"),
    });

    [Theory]
    [InlineData("10.0.0.1:1234")]
    [InlineData("[::ffff:10.0.0.1]:1234")]
    [InlineData(null)] // a unix socket's
    public async Task HeaderInPiecesOfEverySize_NamesThePeer_AndWhatFollowsStaysInTheInput(string? proxy)
    {
        for (var size = 1; size <= Header.Length + Request.Length; size++)
        {
            var connection = new TestConnection(proxy, "10.0.0.9:80");
            var read = Read(connection);
            connection.SendApart((Header + Request).Chunk(size).Select(piece => new string(piece)));

            Assert.True(await read);
            Assert.Equal(Request, connection.Left());
            Assert.Equal("192.0.2.1", connection.Client.PeerText);
            Assert.Equal("192.0.2.1:56324", connection.Client.PeerEndPoint!.ToString());
            Assert.Equal("198.51.100.2:443", connection.Client.LocalEndPoint!.ToString());
            Assert.Equal(ClientPhase.Opened, connection.Client.Phase);
        }

        Assert.Equal(0, Refused);
    }

    [Fact]
    public async Task AddressMappedIntoIPv6_IsTheIPv4Address()
    {
        var connection = new TestConnection("10.0.0.1:1234");
        connection.Send("PROXY TCP6 ::ffff:192.0.2.1 ::ffff:192.0.2.2 1 2\r\n");

        Assert.True(await Read(connection));
        Assert.Equal("192.0.2.1:1", connection.Client.PeerEndPoint!.ToString());
        Assert.Equal("192.0.2.2:2", connection.Client.LocalEndPoint!.ToString());
        Assert.Equal("192.0.2.1", connection.Client.PeerText);
    }

    [Theory]
    [InlineData("PROXY UNKNOWN\r\n", "10.0.0.1")]
    [InlineData("\r\n\r\n\0\r\nQUIT\n\u0020\0\0\0", "10.0.0.1")]
    public async Task SenderThatSpeaksForItself_StaysThePeer(string header, string peer)
    {
        var connection = new TestConnection("10.0.0.1:1234", "10.0.0.9:80");
        connection.Send(header + Request);

        Assert.True(await Read(connection));
        Assert.Equal((peer, "10.0.0.1:1234", "10.0.0.9:80", Request), (connection.Client.PeerText,
            connection.Client.PeerEndPoint!.ToString(), connection.Client.LocalEndPoint!.ToString(),
            connection.Left()));
    }

    [Fact]
    public async Task ClientBehindAUnixSocket_HasNoAddress()
    {
        var connection = new TestConnection("10.0.0.1:1234", "10.0.0.9:80");
        connection.Send($"\r\n\r\n\0\r\nQUIT\n\u0021\u0031\0\xd8{new string('/', 216)}");

        Assert.True(await Read(connection));
        Assert.Null(connection.Client.Peer);
        Assert.Null(connection.Client.LocalEndPoint);
        Assert.Equal("unix:", connection.Client.PeerText);
    }

    [Theory]
    [InlineData("192.0.2.1:1234")]
    [InlineData("127.0.0.1:1234")]
    [InlineData("[::1]:1234")]
    public async Task StrangersHeader_IsNotLookedAt(string stranger)
    {
        var connection = new TestConnection(stranger);

        Assert.False(await Read(connection));
        Assert.Equal(1, Refused);
        Assert.Equal(stranger, connection.Client.PeerEndPoint!.ToString());
    }

    [Theory]
    [InlineData(Request)]
    [InlineData("PROXY TCP4 192.0.2.1\r\n")]
    [InlineData("G")]
    public async Task SomethingElse_IsRefused_AtOnce(string sent)
    {
        var connection = new TestConnection("10.0.0.1:1234");
        connection.Send(sent);

        Assert.False(await Read(connection));
        Assert.Equal(1, Refused);
    }

    [Theory]
    [InlineData("", 0)] // a probe that only connects
    [InlineData("PROXY TCP4 192.0.2.1", 1)]
    public async Task ConnectionThatEndsBeforeItsHeader_IsRefused_WhereItHadBegun(string sent, int refused)
    {
        var connection = new TestConnection("10.0.0.1:1234");
        connection.Send(sent);
        connection.End();

        Assert.False(await Read(connection));
        Assert.Equal(refused, Refused);
    }

    [Theory]
    [InlineData("")]
    [InlineData("PROXY ")]
    public async Task HeaderThatDoesNotComeInTime_IsRefused(string sent)
    {
        var connection = new TestConnection("10.0.0.1:1234");
        connection.Send(sent);
        var read = Read(connection);
        Assert.Equal(ClientPhase.Introducing, connection.Client.Phase);
        Assert.False(read.IsCompleted);

        connection.Client.TimeOut();

        Assert.False(await read);
        Assert.Equal(1, Refused);
    }

    [Fact]
    public async Task Stop_EndsTheWait_WhichIsNobodysFault()
    {
        var connection = new TestConnection("10.0.0.1:1234");
        var read = Read(connection);
        Assert.False(read.IsCompleted);

        connection.Client.CloseWhenIdle();

        Assert.False(await read);
        Assert.Equal(0, Refused);
    }

    private long Refused => _world.Statistics.Refusals.Of(Refusal.ProxyHeader);

    private Task<bool> Read(TestConnection connection) =>
        new ProxyHeaderReader(_world, NullLogger<ProxyHeaderReader>.Instance)
            .IsIntroducedAsync(connection.Context, connection.Client).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
}
