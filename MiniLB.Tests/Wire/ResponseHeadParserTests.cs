using MiniLB.Wire;

namespace MiniLB.Tests.Wire;

public sealed class ResponseHeadParserTests
{
    [Theory]
    [InlineData("HTTP/1.1 200 OK", 200, null)]
    [InlineData("HTTP/1.0 404 Not Found", 404, null)]
    [InlineData("HTTP/1.1 200", 200, "")]
    [InlineData("HTTP/1.1 200 ", 200, "")]
    [InlineData("HTTP/1.1 200 \u00e4 b\tc", 200, "\u00e4 b\tc")]
    [InlineData("HTTP/1.1 299 ", 299, null)]
    [InlineData("HTTP/1.1 999 X", 999, "X")]
    [InlineData("HTTP/1.1 100 Continue", 100, null)]
    public void StatusLine_IsRead(string line, int status, string? reason)
    {
        Assert.Equal(WireError.None, Heads.ReadAnswer($"{line}\r\nContent-Length: 0\r\n\r\n", out var head));
        Assert.Equal((status, reason, line[7] - '0'), (head.Status, head.Reason, head.MinorVersion));
        Assert.Equal(status < 200, head.IsInterim);
    }

    [Theory]
    [InlineData("")]
    [InlineData("200 OK")]
    [InlineData("HTTP/1.1")]
    [InlineData("HTTP/1.1 20")]
    [InlineData("HTTP/1.1 99 X")]
    [InlineData("HTTP/1.1 099 X")]
    [InlineData("HTTP/1.1 000 X")]
    [InlineData("HTTP/1.1 2000 OK")]
    [InlineData("HTTP/1.1 20x OK")]
    [InlineData("HTTP/1.1 +20 OK")]
    [InlineData("HTTP/1.1 200OK")]
    [InlineData("HTTP/1.1  200 OK")]
    [InlineData("HTTP/1.1\t200 OK")]
    [InlineData("HTTP/1.1 200\tOK")]
    [InlineData("HTTP/1.2 200 OK")]
    [InlineData("HTTP/2.0 200 OK")]
    [InlineData("http/1.1 200 OK")]
    [InlineData("ICY 200 OK")]
    [InlineData(" HTTP/1.1 200 OK")]
    [InlineData("HTTP/1.1 200 a\u0000")]
    [InlineData("HTTP/1.1 200 OK\r")]
    [InlineData("HTTP/1.1 200 O\nK")]
    public void StatusLine_ThatIsNone_IsRefused(string line) =>
        Assert.Equal(WireError.StartLine, Heads.ReadAnswer($"{line}\r\n\r\n", out _));

    [Theory]
    [InlineData("A : b", "FieldName")]
    [InlineData(" A: b", "FieldName")]
    [InlineData("A: b\u0000", "FieldValue")]
    [InlineData("A: b\nC: d", "LineEnd")]
    [InlineData("A: b\r\nC: d\r\nE: f", "TooManyFields")]
    public void Fields_AreReadAsStrictlyAsARequests(string fields, string error) =>
        Assert.Equal(error, Heads.ReadAnswer($"HTTP/1.1 200 OK\r\n{fields}\r\n\r\n", out _, most: 2).ToString());

    [Theory]
    [InlineData("1.1", "Content-Length: 1", true)]
    [InlineData("1.1", "Transfer-Encoding: chunked", true)]
    [InlineData("1.1", "A: b", false)]
    [InlineData("1.1", "Content-Length: 1\r\nConnection: close", false)]
    [InlineData("1.1", "Content-Length: 1\r\nConnection: a\r\nconnection: b, CLOSE", false)]
    [InlineData("1.0", "Content-Length: 1", false)]
    [InlineData("1.0", "Content-Length: 1\r\nConnection: keep-alive", false)]
    public void Connection_IsKept_WhereTheAnswersEndIsKnown(string version, string fields, bool keeps)
    {
        Assert.Equal(WireError.None, Heads.ReadAnswer($"HTTP/{version} 200 OK\r\n{fields}\r\n\r\n", out var head));
        Assert.Equal(keeps, head.KeepsAlive);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("H", false)]
    [InlineData("HTTP/1.", false)]
    [InlineData("HTTP/1.1 200 OK\r\nA", false)]
    [InlineData("HTTP/2", true)]
    [InlineData("X", true)]
    [InlineData("\r\n", true)]
    [InlineData("HTTP/1.1 200 OK\n", true)]
    public void Part_ThatCanBecomeNoHead_IsHopeless(string part, bool hopeless) =>
        Assert.Equal(hopeless, ResponseHeadParser.IsHopeless(Heads.Bytes(part)));

    [Fact]
    public void ClearedHead_KeepsNothingOfTheLastOne()
    {
        Heads.ReadAnswer("HTTP/1.0 404 Gone fishing\r\nContent-Length: 5\r\n\r\n", out var head);

        head.Clear();

        Assert.Equal((200, (string?)null, 1, (long?)null),
            (head.Status, head.Reason, head.MinorVersion, head.ContentLength));
        Assert.Equal((BodyFraming.None, false, 0), (head.Framing, head.KeepsAlive, head.Fields.Count));
    }
}
