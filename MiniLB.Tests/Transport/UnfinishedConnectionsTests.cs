using System.Net;
using System.Net.Sockets;
using MiniLB.Tests.Journeys.Harness;
using MiniLB.Transport;

namespace MiniLB.Tests.Transport;

/// <summary>The kernel's table says whether a client may still send or has not taken everything.</summary>
public sealed class UnfinishedConnectionsTests : IDisposable
{
    private readonly Socket _listening = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Socket _client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public UnfinishedConnectionsTests()
    {
        _listening.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listening.Listen();
    }

    private bool IsAny => UnfinishedConnections.AnyOf([((IPEndPoint)_listening.LocalEndPoint!).Port]);

    public void Dispose()
    {
        _client.Dispose();
        _listening.Dispose();
    }

    [Fact]
    public void ListeningSocketAlone_IsNone() => Assert.False(IsAny);

    [Fact]
    public async Task Connection_NotYetAccepted_IsOneUntilBothHaveEndedIt()
    {
        _client.Connect(_listening.LocalEndPoint!);
        Assert.True(IsAny);

        _listening.Accept().Dispose();

        await Eventually.True(() => !IsAny, "the client has acknowledged the end");
    }

    [Fact]
    public async Task ConnectionClosedByUs_IsOneUntilTheClientHasTakenAll()
    {
        const int Much = 8 * 1024 * 1024;
        _client.ReceiveBufferSize = 4096;
        _client.Connect(_listening.LocalEndPoint!);
        using (var accepted = _listening.Accept())
        {
            accepted.SendBufferSize = Much;
            accepted.Blocking = false;
            accepted.Send(new byte[Much], SocketFlags.None, out _);
        }

        Assert.True(IsAny);
        var taken = new byte[1024 * 1024];
        while (_client.Receive(taken) > 0)
        {
        }

        await Eventually.True(() => !IsAny, "the client has all");
    }

    [Theory]
    [InlineData("01", "00000000", true)]
    [InlineData("03", "00000000", true)]
    [InlineData("04", "00000001", true)]
    [InlineData("04", "00000002", false)] // sent twice in vain
    [InlineData("08", "00000000", true)]
    [InlineData("09", "00000000", true)]
    [InlineData("0B", "00000000", true)]
    [InlineData("05", "00000000", false)] // FIN_WAIT2
    [InlineData("06", "00000000", false)] // TIME_WAIT
    [InlineData("0A", "00000000", false)] // LISTEN
    public void Line_CountsByItsState(string state, string repeats, bool counts)
    {
        var line = $"   7: 00000000000000000000000000000000:1F90 0A0200C0:D2A4 {state} 00000000:00000000 01:00000014 "
            + $"{repeats}     0        0 1709401 1 00000000e9bba765 100 0 0 10 0";

        Assert.Equal(counts, UnfinishedConnections.IsUnfinished(line, [80, 8080]));
        Assert.False(UnfinishedConnections.IsUnfinished(line, [80]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode")]
    public void Line_OfNoConnection_DoesNotCount(string line) =>
        Assert.False(UnfinishedConnections.IsUnfinished(line, [8080]));
}
