using System.Text;

namespace MiniLB.Tests.Fuzzing.Strict;

/// <summary>The fuzzer's own reading of messages, on which all its judgements stand.</summary>
public sealed class StrictParserTests
{
    private const string Head = "POST /a HTTP/1.1\r\nHost: a\r\n";

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n\r\n", Reading.Whole)]
    [InlineData("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", Reading.Whole)]
    [InlineData("GET / HTTP/1.0\r\n\r\n", Reading.Whole)]
    [InlineData("GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n", Reading.Whole)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n", Reading.NeedsHead)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n\r", Reading.NeedsHead)]
    [InlineData("GET / HTTP/1.1\r\n\r\n", Reading.BadHead)]
    [InlineData("GET / HTTP/1.1\nHost: a\r\n\r\n", Reading.BadHead)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n", Reading.BadHead)]
    [InlineData("GET  / HTTP/1.1\r\nHost: a\r\n\r\n", Reading.BadHead)]
    [InlineData("GET /#a HTTP/1.1\r\nHost: a\r\n\r\n", Reading.BadHead)]
    [InlineData("GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n", Reading.BadHead)]
    [InlineData("GET a HTTP/1.1\r\nHost: a\r\n\r\n", Reading.BadHead)]
    [InlineData("GET / HTTP/2.0\r\nHost: a\r\n\r\n", Reading.BadHead)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", Reading.BadHead)]
    [InlineData("GET / HTTP/1.1\r\nHost : a\r\n\r\n", Reading.BadHead)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n", Reading.BadHead)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n", Reading.BadHead)]
    [InlineData(Head + "Content-Length: 2\r\n\r\nab", Reading.Whole)]
    [InlineData(Head + "Content-Length: 2\r\n\r\na", Reading.NeedsBody)]
    [InlineData(Head + "Content-Length: +2\r\n\r\nab", Reading.BadHead)]
    [InlineData(Head + "Content-Length: 2\r\nContent-Length: 2\r\n\r\nab", Reading.BadHead)]
    [InlineData(Head + "Content-Length: 9223372036854775808\r\n\r\n", Reading.BadHead)]
    [InlineData(Head + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n", Reading.BadHead)]
    [InlineData(Head + "Transfer-Encoding: gzip, chunked\r\n\r\n", Reading.BadHead)]
    [InlineData(Head + "Transfer-Encoding: chunked\r\n\r\n2;a=b\r\nab\r\n0\r\nX: 1\r\n\r\n", Reading.Whole)]
    [InlineData(Head + "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n", Reading.NeedsBody)]
    [InlineData(Head + "Transfer-Encoding: chunked\r\n\r\n2\r\nabc0\r\n\r\n", Reading.BadBody)]
    [InlineData(Head + "Transfer-Encoding: chunked\r\n\r\n2 \n\r\nab\r\n0\r\n\r\n", Reading.BadBody)]
    [InlineData(Head + "Transfer-Encoding: chunked\r\n\r\n8000000000000000\r\n", Reading.BadBody)]
    public void Request_IsRead_ToItsEndOrItsFault(string text, Reading expected)
    {
        var message = StrictRequestParser.Read(Encoding.Latin1.GetBytes(text), 0, StrictLimits.Request);

        Assert.Equal((expected, ""), (message.Reading, message.Doubt));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab", StreamEnd.Open, Reading.Whole)]
    [InlineData("HTTP/1.1 200\r\nContent-Length: 2\r\n\r\na", StreamEnd.Closed, Reading.NeedsBody)]
    [InlineData("HTTP/1.1 200 OK\r\n\r\nab", StreamEnd.Closed, Reading.Whole)]
    [InlineData("HTTP/1.1 200 OK\r\n\r\nab", StreamEnd.Reset, Reading.NeedsBody)]
    [InlineData("HTTP/1.1 304 Same\r\nContent-Length: 7\r\n\r\n", StreamEnd.Open, Reading.Whole)]
    [InlineData("HTTP/1.1 101 Switch\r\nUpgrade: a\r\n\r\n", StreamEnd.Open, Reading.BadHead)]
    [InlineData("HTTP/1.1 099 OK\r\n\r\n", StreamEnd.Open, Reading.BadHead)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n", StreamEnd.Open, Reading.BadHead)]
    public void Response_IsRead_ToItsEndOrItsFault(string text, StreamEnd ended, Reading expected)
    {
        var message = StrictResponseParser.Read(
            Encoding.Latin1.GetBytes(text), 0, new StrictMessage(0) { Method = "GET" }, ended, StrictLimits.Response);

        Assert.Equal((expected, ""), (message.Reading, message.Doubt));
    }
}
