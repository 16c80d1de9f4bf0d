using MiniLB.Tests.Journeys.Exchanges.Table;
using static MiniLB.Tests.Journeys.Exchanges.Table.Outcomes;
using static MiniLB.Tests.Journeys.Exchanges.Table.Steps;

namespace MiniLB.Tests.Journeys.Exchanges.Rows;

/// <summary>Requests with Transfer-Encoding, alone, disguised or beside Content-Length.</summary>
internal static class TransferEncodingRows
{
    private const string Smuggled = "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n";
    private const string Chunks = "5\r\nhello\r\n0\r\n\r\n";

    private static readonly RequestSeen Hello = new("POST / HTTP/1.1") { Body = "hello", Lacks = ["Content-Length"] };

    public static readonly ExchangeRow[] All =
    [
        Refused("cl-te", "both framings, Content-Length first, are refused", 400,
            Post("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n" + Smuggled)),
        Refused("te-cl", "both framings, Transfer-Encoding first, are refused", 400,
            Post("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", "24\r\n" + Smuggled + "\r\n0\r\n\r\n")),
        Bad("cl-zero", "a length of zero beside chunked is refused",
            "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n"),
        Bad("cl-agreeing", "both framings are refused even where they agree",
            "Transfer-Encoding: chunked\r\nContent-Length: 15\r\n"),
        Bad("cl-bad", "an unreadable length beside chunked is refused",
            "Transfer-Encoding: chunked\r\nContent-Length: x\r\n"),
        Bad("cl-identity", "identity beside a length is refused",
            "Transfer-Encoding: identity\r\nContent-Length: 5\r\n"),
        Bad("identity", "identity is refused", "Transfer-Encoding: identity\r\n"),
        Bad("gzip", "a body whose last coding is not chunked is refused", "Transfer-Encoding: gzip\r\n"),
        Bad("chunked-gzip", "a coding behind chunked is refused", "Transfer-Encoding: chunked, gzip\r\n"),
        Bad("chunked-identity", "identity behind chunked is refused", "Transfer-Encoding: chunked, identity\r\n"),
        Bad("chunked-twice", "chunked twice in a list is refused", "Transfer-Encoding: chunked, chunked\r\n"),
        Bad("chunked-two-lines", "chunked on two lines is refused",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
        Bad("cow-second", "a second line with a coding that nobody knows is refused",
            "Transfer-Encoding: chunked\r\nTransfer-encoding: cow\r\n"),
        Bad("identity-second", "a second line with identity is refused",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n"),
        Bad("empty-second", "a second, empty line is refused",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding:\r\n"),
        Bad("empty", "an empty coding is refused", "Transfer-Encoding:\r\n"),
        Bad("comma-before", "an empty part before chunked is refused", "Transfer-Encoding: , chunked\r\n"),
        Bad("comma-behind", "an empty part behind chunked is refused", "Transfer-Encoding: chunked,\r\n"),
        Bad("prefixed", "xchunked is not chunked", "Transfer-Encoding: xchunked\r\n"),
        Bad("suffixed", "chunkedx is not chunked", "Transfer-Encoding: chunkedx\r\n"),
        Bad("cut", "chunke is not chunked", "Transfer-Encoding: chunke\r\n"),
        Bad("two-words", "'x chunked' is not chunked", "Transfer-Encoding: x chunked\r\n"),
        Bad("parameter", "chunked takes no parameter", "Transfer-Encoding: chunked;q=1\r\n"),
        Bad("quoted", "a quoted chunked is not chunked", "Transfer-Encoding: \"chunked\"\r\n"),
        Bad("apostrophes", "chunked in apostrophes is not chunked", "Transfer-Encoding: 'chunked'\r\n"),
        Bad("vertical-tab", "a vertical tab before chunked is refused", "Transfer-Encoding: \vchunked\r\n"),
        Bad("form-feed", "a form feed behind chunked is refused", "Transfer-Encoding: chunked\f\r\n"),
        Bad("nul", "a NUL behind chunked is refused", "Transfer-Encoding: chunked\0\r\n"),
        Bad("no-break-space", "a byte above ASCII before chunked is refused", "Transfer-Encoding: \u00a0chunked\r\n"),
        Bad("kelvin", "no byte above ASCII folds into chunked", "Transfer-Encoding: chun\u00ebed\r\n"),
        Bad("space-before-colon", "'Transfer-Encoding : chunked' is refused", "Transfer-Encoding : chunked\r\n"),
        Bad("tab-before-colon", "a tab before the colon is refused", "Transfer-Encoding\t: chunked\r\n"),
        Bad("space-before-name", "a blank before the name is refused",
            "Content-Length: 5\r\n Transfer-Encoding: chunked\r\n"),
        Bad("folded", "chunked on a continuation line is refused", "Transfer-Encoding:\r\n chunked\r\n"),
        Bad("folded-second", "a coding that a continuation line prolongs is refused",
            "Transfer-Encoding: chunked\r\n , identity\r\n"),
        Bad("behind-bare-lf", "a coding hidden behind a bare LF is refused",
            "Content-Length: 5\r\nX: y\nTransfer-Encoding: chunked\r\n"),
        Bad("behind-bare-cr", "a coding hidden behind a bare CR is refused",
            "Content-Length: 5\r\nX: y\rTransfer-Encoding: chunked\r\n"),
        Bad("nul-in-name", "a NUL inside the name is refused",
            "Content-Length: 5\r\nTransfer-\0Encoding: chunked\r\n"),
        Refused("gzip-chunked", "a coding before chunked is not implemented", 501,
            Post("Transfer-Encoding: gzip, chunked\r\n", Chunks)),
        Refused("gzip-chunked-two-lines", "a coding before chunked on a line of its own is refused", 400,
            Post("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", Chunks)),
        Refused("on-1-0", "HTTP/1.0 knows no Transfer-Encoding", 400,
            "POST / HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + Chunks + Smuggled),
        Refused("on-1-0-with-cl", "HTTP/1.0 with both framings is refused", 400,
            "POST / HTTP/1.0\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nhello"),
        Refused("on-1-0-kept-alive", "HTTP/1.0 with Transfer-Encoding is refused on a kept connection too", 400,
            "POST / HTTP/1.0\r\nHost: h\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n"
            + Chunks + Smuggled),
        Passed("plain", "a chunked body arrives", Post("Transfer-Encoding: chunked\r\n", Chunks), Hello),
        Passed("case", "the case of chunked does not matter", Post("transfer-encoding: ChunKED\r\n", Chunks), Hello),
        Passed("blanks-around", "blanks around chunked do not count",
            Post("Transfer-Encoding:\t chunked \t\r\n", Chunks), Hello),
        Passed("named-by-connection", "Connection cannot strip the coding",
            Post("Connection: Transfer-Encoding\r\nTransfer-Encoding: chunked\r\n", Chunks), Hello),
        Passed("on-get", "a chunked GET request is one request",
            Get("Transfer-Encoding: chunked\r\n") + $"{Smuggled.Length:x}\r\n{Smuggled}\r\n0\r\n\r\n",
            new("GET / HTTP/1.1") { Body = Smuggled }),
        new("request-behind", "what follows the last chunk is the next request")
        {
            Sends = [Post("Transfer-Encoding: chunked\r\n", Chunks) + Get(target: "/next")],
            Backend = [[Body, Ok], [Body, Ok]],
            Sees = [new(200) { Body = "ok" }, new(200) { Body = "ok" }],
            Reaches = [Hello, new("GET /next HTTP/1.1")],
        },
    ];

    private static ExchangeRow Bad(string name, string promise, string fields) =>
        Refused(name, promise, 400, Post(fields, Chunks + Smuggled));
}
