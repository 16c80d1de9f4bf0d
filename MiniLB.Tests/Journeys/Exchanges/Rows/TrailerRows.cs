using MiniLB.Tests.Journeys.Exchanges.Table;
using static MiniLB.Tests.Journeys.Exchanges.Table.Outcomes;
using static MiniLB.Tests.Journeys.Exchanges.Table.Steps;

namespace MiniLB.Tests.Journeys.Exchanges.Rows;

/// <summary>Trailer fields, of requests and of responses.</summary>
internal static class TrailerRows
{
    private const string Head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n";

    public static readonly ExchangeRow[] All =
    [
        Kept("one", "a trailer field is passed on", "X-Sum: 1\r\n", "X-Sum: 1"),
        Kept("several", "trailer fields are passed on in their order", "X-A: 1\r\nX-B: 2\r\nX-A: 3\r\n",
            "X-A: 1", "X-B: 2", "X-A: 3"),
        Kept("empty-value", "a trailer field without a value is passed on", "X-Sum:\r\n", "X-Sum: "),
        Dropped("content-length", "Content-Length is no trailer", "Content-Length: 0\r\n"),
        Dropped("transfer-encoding", "Transfer-Encoding is no trailer", "Transfer-Encoding: chunked\r\n"),
        Dropped("host", "Host is no trailer", "Host: evil\r\n"),
        Dropped("connection", "Connection is no trailer", "Connection: close\r\n"),
        Dropped("authorization", "Authorization is no trailer", "Authorization: Basic eDp5\r\n"),
        Dropped("cookie", "Cookie is no trailer", "Cookie: a=b\r\n"),
        Dropped("content-type", "Content-Type is no trailer", "Content-Type: text/html\r\n"),
        Dropped("content-encoding", "Content-Encoding is no trailer", "Content-Encoding: gzip\r\n"),
        Dropped("forwarded-for", "X-Forwarded-For is no trailer", "X-Forwarded-For: 6.6.6.6\r\n"),
        Dropped("forwarded-for-underscored", "X_Forwarded_For is no trailer", "X_Forwarded_For: 6.6.6.6\r\n"),
        Dropped("forwarded", "Forwarded is no trailer", "Forwarded: for=6.6.6.6\r\n"),
        Dropped("request-id", "X-Request-Id is no trailer", "X-Request-Id: 6666\r\n"),
        Dropped("expect", "Expect is no trailer", "Expect: 100-continue\r\n"),
        Dropped("upgrade", "Upgrade is no trailer", "Upgrade: websocket\r\n"),
        Bad("no-colon", "a trailer line without a colon is refused", "X\r\n"),
        Bad("space-before-colon", "a blank before the colon of a trailer is refused", "X : 1\r\n"),
        Bad("empty-name", "a trailer without a name is refused", ": 1\r\n"),
        Bad("folded", "a continuation line in trailers is refused", "X: 1\r\n 2\r\n"),
        Bad("folded-first", "a blank before the first trailer is refused", " X: 1\r\n"),
        Bad("bare-lf", "a trailer that ends in LF alone is refused", "X: 1\n"),
        Bad("bare-cr", "a CR inside a trailer is refused", "X: 1\r2\r\n"),
        Bad("nul", "a NUL inside a trailer is refused", "X: a\0b\r\n"),
        Bad("control", "a control character inside a trailer is refused", "X: a\u0001b\r\n"),
        Bad("request-inside", "a request behind a bare LF in a trailer is refused",
            "X: 1\n\nGET /smuggled HTTP/1.1\nHost: h\n"),
        BrokenOff("too-many", "trailers count as fields", 431, Chunked("0\r\n" + Many(200) + "\r\n")) with
        {
            Sees = [new(400, 431) { IsOwn = true }],
        },
        BrokenOff("too-large", "trailers count as bytes", 431,
            Chunked($"0\r\nX: {new string('x', 40_000)}\r\n\r\n")) with
        {
            Sees = [new(400, 431) { IsOwn = true }],
        },
        Passed("announced", "the field Trailer is passed on with what it announces",
            Chunked("2\r\nhi\r\n0\r\nX-Sum: 1\r\n\r\n", "Trailer: X-Sum\r\n"),
            new("POST / HTTP/1.1") { Body = "hi", Has = ["Trailer: X-Sum"], Trailers = ["X-Sum: 1"] }),
        Answered("response", "trailers of a response are passed on, and announced",
            Head + "Trailer: X-Sum\r\n\r\n2\r\nhi\r\n0\r\nX-Sum: 1\r\nX-Other: 2\r\n\r\n",
            new(200) { Body = "hi", Has = ["Trailer: X-Sum"], Trailers = ["X-Sum: 1", "X-Other: 2"] }),
        Answered("response-content-length", "Content-Length is no trailer of a response",
            Head + "\r\n2\r\nhi\r\n0\r\nContent-Length: 9\r\nX-Sum: 1\r\n\r\n",
            new(200) { Body = "hi", Trailers = ["X-Sum: 1"] }),
        Answered("response-transfer-encoding", "Transfer-Encoding is no trailer of a response",
            Head + "\r\n2\r\nhi\r\n0\r\nTransfer-Encoding: gzip\r\n\r\n", new(200) { Body = "hi" }),
        new("response-on-1-0", "a client of HTTP/1.0 gets a body without chunks and trailers")
        {
            Sends = ["GET / HTTP/1.0\r\nHost: h\r\n\r\n"],
            Backend = Answers(Head + "\r\n2\r\nhi\r\n0\r\nX-Sum: 1\r\n\r\n"),
            Sees = [new(200) { Body = "hi", Lacks = ["Transfer-Encoding"] }],
            Then = Then.Ends,
            Reaches = [new("GET / HTTP/1.1")],
        },
        CutOff("response-bad", "a response whose trailers are malformed does not look complete",
            Head + "\r\n5\r\nfirst\r\n", OtherSideHas("first"), "0\r\nX : 1\r\n\r\n", HearEnd),
        CutOff("response-folded", "a response with a continuation line in its trailers does not look complete",
            Head + "\r\n5\r\nfirst\r\n", OtherSideHas("first"), "0\r\nX: 1\r\n 2\r\n\r\n", HearEnd),
    ];

    private static string Many(int count) => string.Concat(Enumerable.Range(0, count).Select(i => $"X-{i}: 1\r\n"));

    private static string Hello(string trailers) => Chunked($"5\r\nhello\r\n0\r\n{trailers}\r\n");

    private static ExchangeRow Kept(string name, string promise, string trailers, params string[] kept) =>
        Passed(name, promise, Hello(trailers), new("POST / HTTP/1.1") { Body = "hello", Trailers = kept });

    private static ExchangeRow Dropped(string name, string promise, string trailer) =>
        Kept("drops-" + name, promise, trailer + "X-Sum: 1\r\n", "X-Sum: 1");

    private static ExchangeRow Bad(string name, string promise, string trailers) =>
        BrokenOff(name, promise, 400, Hello(trailers));
}
