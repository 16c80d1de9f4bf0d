using MiniLB.RequestPath.Accept;
using MiniLB.State;
using MiniLB.Tests.Wire;
using MiniLB.Wire;

namespace MiniLB.Tests.RequestPath.Accept;

public sealed class RequestHeadReaderTests
{
    private const string Sound = "GET /a HTTP/1.1\r\nHost: a\r\nX: 1\r\n\r\n";

    private readonly TestConnection _connection = new();
    private readonly RequestHead _head = new();

    [Fact]
    public async Task Head_InPiecesOfEverySize_IsRead_AndWhatFollowsStays()
    {
        for (var size = 1; size <= Sound.Length + 4; size++)
        {
            var connection = new TestConnection();
            var read = Read(connection, _head);
            connection.SendApart((Sound + "Body").Chunk(size).Select(piece => new string(piece)));

            Assert.Equal(HeadRefusal.None, await read);
            Assert.Equal("Host=a X=1", Heads.Passing(_head.Fields));
            Assert.Equal("Body", connection.Left());
        }
    }

    [Fact]
    public async Task HeadsInOnePiece_AreReadOneByOne()
    {
        _connection.Send(Sound + Sound.Replace("/a", "/b", StringComparison.Ordinal) + Sound);

        foreach (var target in (string[])["/a", "/b", "/a"])
        {
            Assert.Equal(HeadRefusal.None, await Read(_connection, _head));
            Assert.Equal((target, 2), (_head.RawTarget, _head.Fields.Count));
        }
    }

    [Theory]
    [InlineData(0, "None")]
    [InlineData(1, "None")]
    [InlineData(4, "None")]
    [InlineData(5, "Malformed")]
    public async Task EmptyLinesBeforeAHead_AreSkippedWhereTheyAreFew(int lines, string refusal)
    {
        var text = string.Concat(Enumerable.Repeat("\r\n", lines)) + Sound;
        for (var size = 1; size <= 12; size++)
        {
            var connection = new TestConnection();
            connection.SendApart(text.Chunk(size).Select(piece => new string(piece)));

            Assert.Equal(refusal, (await Read(connection, _head)).ToString());
        }
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n", "Malformed")]
    [InlineData("GET / HTTP/1.1\n", "Malformed")]
    [InlineData("\n", "Malformed")]
    [InlineData("\u0016\u0003\u0001", "Malformed")]
    [InlineData("GET / HTTP/3.0\r\n", "Version")]
    [InlineData("GET /0123456789 HTTP/1.1\r\n", "StartLineTooLong")]
    [InlineData("GET /0123456789012345678", "StartLineTooLong")]
    [InlineData("GET / HTTP/1.1\r\nA:1\r\nA:2\r\nA:3\r\nA:4\r\n\r\n", "HeadTooLarge")]
    [InlineData("GET / HTTP/1.1\r\nA: 0123456789012345678901234567890123456789", "HeadTooLarge")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nExpect: b\r\n\r\n", "Expectation")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: x, chunked\r\n\r\n", "TransferCoding")]
    public async Task Head_ThatCannotBeServed_IsRefusedAtOnce_InPiecesToo(string sent, string refusal)
    {
        var limits = new HeadLimits(20, sent.Contains("chunked", StringComparison.Ordinal) ? 60 : 40, 3);
        for (var size = 1; size <= sent.Length; size++)
        {
            var connection = new TestConnection();
            var read = Read(connection, _head, limits);
            connection.SendApart(sent.Chunk(size).Select(piece => new string(piece)));

            Assert.Equal(refusal, (await read).ToString());
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("GET / HT")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n")]
    public async Task ClientThatEndsBeforeItsHead_IsNotAnswered(string sent)
    {
        _connection.Send(sent);
        _connection.End();

        Assert.Equal(HeadRefusal.ConnectionEnds, await Read(_connection, _head));
    }

    [Fact]
    public async Task ClientThatEndsBehindItsHead_IsServed()
    {
        _connection.Send(Sound);
        _connection.End();

        Assert.Equal(HeadRefusal.None, await Read(_connection, _head));
        Assert.Equal(HeadRefusal.ConnectionEnds, await Read(_connection, _head));
    }

    [Theory]
    [InlineData("", "ConnectionEnds")]
    [InlineData("G", "Timeout")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n", "Timeout")]
    [InlineData(Sound, "None")]
    public async Task HeadWhoseTimeIsOver_IsAnsweredWhereItHasBegun(string sent, string refusal)
    {
        _connection.Send(sent);
        var early = Read(_connection, _head);
        _connection.Client.TimeOut();

        Assert.Equal(refusal, (await early).ToString());
    }

    [Fact]
    public async Task IdleConnection_ThatIsToClose_EndsWithoutAnAnswer()
    {
        var read = Read(_connection, _head);
        _connection.Client.CloseWhenIdle();

        Assert.Equal(HeadRefusal.ConnectionEnds, await read);
    }

    [Fact]
    public async Task HeadThatHasArrived_IsServed_ThoughTheConnectionIsToClose()
    {
        _connection.Send(Sound);
        _connection.Client.CloseWhenIdle();

        Assert.Equal(HeadRefusal.None, await Read(_connection, _head));
        Assert.Equal(HeadRefusal.ConnectionEnds, await Read(_connection, _head));
    }

    [Fact]
    public async Task WakingTheReader_ForNoReason_LosesNothing()
    {
        _connection.Send("GET /a HT");
        var read = Read(_connection, _head);
        _connection.Input.CancelPendingRead();
        _connection.Send("TP/1.1\r\nHost: a\r\n\r\n");

        Assert.Equal(HeadRefusal.None, await read);
        Assert.Equal("/a", _head.RawTarget);
    }

    [Fact]
    public async Task FirstByteOfAHead_IsWhenItsTimeBegins()
    {
        _connection.Client.Enter(ClientPhase.Idle);
        var read = Read(_connection, _head);
        Assert.Equal(ClientPhase.Idle, _connection.Client.Phase);

        _connection.Send("G");

        await Journeys.Harness.Eventually.True(
            () => _connection.Client.Phase == ClientPhase.Reading, "the head has begun");
        Assert.False(read.IsCompleted);
    }

    private static Task<HeadRefusal> Read(TestConnection connection, RequestHead head, HeadLimits? limits = null) =>
        new RequestHeadReader(connection.Input, connection.Client, limits ?? Heads.Limits)
            .ReadAsync(head).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
}
