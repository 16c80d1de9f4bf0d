using MiniLB.Wire;

namespace MiniLB.Tests.Wire;

public sealed class RequestHeadParserTests
{
    [Theory]
    [InlineData("GET / HTTP/1.1", "None")]
    [InlineData("get /a?b HTTP/1.0", "None")]
    [InlineData("M-SEARCH * HTTP/1.1", "Target")]
    [InlineData("OPTIONS * HTTP/1.1", "None")]
    [InlineData("GET / HTTP/1.2", "None")]
    [InlineData("GET / HTTP/1.9", "None")]
    [InlineData("GET / HTTP/2.0", "Version")]
    [InlineData("PRI * HTTP/2.0", "Version")]
    [InlineData("GET / HTTP/0.9", "Version")]
    [InlineData("GET / HTTP/9.9", "Version")]
    [InlineData("GET / HTTP/1.10", "StartLine")]
    [InlineData("GET / HTTP/11", "StartLine")]
    [InlineData("GET / HTTP/1,1", "StartLine")]
    [InlineData("GET / HTTP/1.x", "StartLine")]
    [InlineData("GET / http/1.1", "StartLine")]
    [InlineData("GET / HTTPS/1.1", "StartLine")]
    [InlineData("GET / ", "StartLine")]
    [InlineData("GET /", "StartLine")]
    [InlineData("GET", "StartLine")]
    [InlineData("", "StartLine")]
    [InlineData("GET  HTTP/1.1", "Target")]
    [InlineData("GET  / HTTP/1.1", "Target")]
    [InlineData("GET /  HTTP/1.1", "Target")]
    [InlineData("GET / HTTP/1.1 ", "Target")]
    [InlineData("GET\t/ HTTP/1.1", "StartLine")]
    [InlineData("GET /\tHTTP/1.1", "StartLine")]
    [InlineData(" GET / HTTP/1.1", "StartLine")]
    [InlineData("G\u00c4T / HTTP/1.1", "StartLine")]
    [InlineData("GET: / HTTP/1.1", "StartLine")]
    [InlineData("GET /a b HTTP/1.1", "Target")]
    [InlineData("GET /#a HTTP/1.1", "Target")]
    [InlineData("GET /\u00e4 HTTP/1.1", "Target")]
    [InlineData("GET /\u0000 HTTP/1.1", "Target")]
    [InlineData("GET /\r HTTP/1.1", "Target")]
    [InlineData("GET /\n HTTP/1.1", "Target")]
    [InlineData("GET / HTTP/1.1\r", "StartLine")]
    [InlineData("GET / HTTP/1.1\n", "StartLine")]
    public void RequestLine_IsReadInOneWay(string line, string error) =>
        Assert.Equal(error, Heads.Read($"{line}\r\nHost: a\r\n\r\n", out _).ToString());

    [Theory]
    [InlineData("1.1", "", true)]
    [InlineData("1.1", "Connection: Close", false)]
    [InlineData("1.1", "Connection: a, close", false)]
    [InlineData("1.7", "", true)]
    [InlineData("1.0", "", false)]
    [InlineData("1.0", "Connection: Keep-Alive", true)]
    [InlineData("1.0", "Proxy-Connection: keep-alive", false)]
    public void Connection_SaysWhetherAnotherRequestFollows(string version, string field, bool keeps)
    {
        var line = field.Length > 0 ? field + "\r\n" : "";

        Assert.Equal(WireError.None, Heads.Read($"GET / HTTP/{version}\r\nHost: a\r\n{line}\r\n", out var head));
        Assert.Equal(keeps, head.KeepsAlive);
    }

    [Theory]
    [InlineData("1.1", "Expect: 100-continue|Content-Length: 1", "None", true)]
    [InlineData("1.1", "expect: 100-Continue|Transfer-Encoding: chunked", "None", true)]
    [InlineData("1.1", "Expect: 100-continue", "None", false)]
    [InlineData("1.1", "Expect: 100-continue|Content-Length: 0", "None", false)]
    [InlineData("1.1", "Expect: 100-continue, 100-continue|Content-Length: 1", "Expectation", false)]
    [InlineData("1.1", "Expect: 100-continue|Expect: 100-continue|Content-Length: 1", "Expectation", false)]
    [InlineData("1.1", "Expect:|Content-Length: 1", "Expectation", false)]
    [InlineData("1.1", "Expect: 200-ok", "Expectation", false)]
    [InlineData("1.0", "Expect: 200-ok", "None", false)]
    [InlineData("1.0", "Expect: 100-continue|Content-Length: 1", "None", false)]
    public void Expectation_IsOneThatIsKnown(string version, string fields, string error, bool expects)
    {
        var lines = fields.Replace("|", "\r\n", StringComparison.Ordinal);

        Assert.Equal(error, Heads.Read($"PUT / HTTP/{version}\r\nHost: a\r\n{lines}\r\n\r\n", out var head).ToString());
        Assert.Equal(expects, head.ExpectsContinue);
    }

    [Fact]
    public void Head_ThatWasRead_TellsWhatItSaid()
    {
        Heads.Read("pAtCh http://a/b?c HTTP/1.0\r\nHost: a\r\nContent-Length: 12\r\nX: \u00e4\r\n\r\n", out var head);

        Assert.Equal(("pAtCh", "http://a/b?c", 0, 12L),
            (head.Method, head.RawTarget, head.MinorVersion, head.ContentLength));
        Assert.Equal("Host=a Content-Length=12 X=\u00e4", Heads.Passing(head.Fields));
    }

    // The limits: a request line of exactly so many bytes, so many bytes of fields with the empty line, so many fields.
    [Theory]
    [InlineData(20, 100, 9, "None")]
    [InlineData(19, 100, 9, "StartLineTooLong")]
    [InlineData(20, 21, 2, "None")]
    [InlineData(20, 20, 2, "HeadTooLarge")]
    [InlineData(20, 21, 1, "TooManyFields")]
    public void Head_AtItsLimits_IsReadOrRefused(int line, int bytes, int fields, string error)
    {
        const string Head = "GET /123456 HTTP/1.1\r\nHost: abc\r\nX: 123\r\n\r\n"; // 20 bytes, and 21 of fields

        Assert.Equal(error, Heads.Read(Head, out _, new HeadLimits(line, bytes, fields)).ToString());
    }

    [Fact]
    public void Head_ThatIsRefused_IsRefusedInEveryPieceAlike()
    {
        const string Head = "GET /1234567 HTTP/1.1\r\nHost: abc\r\n\r\n";
        var limits = new HeadLimits(20, 100, 9);

        for (var length = 0; length <= Head.Length; length++)
        {
            var expected = length < 22 ? WireError.None : WireError.StartLineTooLong;
            Assert.Equal(expected, Check(Head[..length], limits));
        }
    }

    [Fact]
    public void SoundHead_IsNeverRefusedForComingInPieces()
    {
        const string Head = "GET /123456 HTTP/1.1\r\nHost: abc\r\nX: 123\r\n\r\n";
        for (var length = 0; length < Head.Length; length++)
        {
            Assert.Equal(WireError.None, Check(Head[..length], new HeadLimits(20, 21, 2)));
        }
    }

    [Theory]
    [InlineData("\u0016\u0003\u0001\u0002", "StartLine")]
    [InlineData("GET\u0000", "StartLine")]
    [InlineData("GET / HTTP/1.1\n", "LineEnd")]
    [InlineData("GET / HTTP/1.1\r\nA: b\n", "LineEnd")]
    [InlineData("GET / HTTP/2.0\r\n", "Version")]
    [InlineData("GET /\r\n", "StartLine")]
    [InlineData("GET / HTTP/1.1\r\nA:", "None")]
    public void Part_ThatCanBecomeNoHead_IsRefusedEarly(string part, string error) =>
        Assert.Equal(error, Check(part, Heads.Limits).ToString());

    [Fact]
    public void Part_WithMoreFieldBytesThanAllowed_IsRefusedBeforeItsEnd()
    {
        const string Line = "GET / HTTP/1.1\r\n";

        Assert.Equal(WireError.None, Check(Line + new string('a', 50), new HeadLimits(20, 50, 9)));
        Assert.Equal(WireError.HeadTooLarge, Check(Line + new string('a', 51), new HeadLimits(20, 50, 9)));
    }

    [Fact]
    public void ClearedHead_KeepsNothingOfTheLastOne()
    {
        Heads.Read("PUT /a HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\nContent-Length: 9\r\n\r\n", out var head);

        head.Clear();

        Assert.Equal(("", "", 1, 0L), (head.Method, head.RawTarget, head.MinorVersion, head.ContentLength));
        Assert.Equal((BodyFraming.None, false, false, 0),
            (head.Framing, head.KeepsAlive, head.ExpectsContinue, head.Fields.Count));
    }

    [Fact]
    public void SameRequestAgain_AllocatesNothing()
    {
        var bytes = Heads.Bytes("GET /a HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\nAccept: */*\r\n\r\n");
        var head = new RequestHead();
        Read(10);

        Assert.Equal(0, Allocated.By(() => Read(100)));

        void Read(int times)
        {
            for (var i = 0; i < times; i++)
            {
                head.Clear();
                Assert.True(RequestHeadParser.Parse(bytes, Heads.Limits, head) == WireError.None);
            }
        }
    }

    private static WireError Check(string part, in HeadLimits limits) =>
        RequestHeadParser.CheckPart(Heads.Bytes(part), limits, new RequestHead());
}
