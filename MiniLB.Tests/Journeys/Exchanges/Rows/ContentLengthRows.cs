using MiniLB.Tests.Journeys.Exchanges.Table;
using static MiniLB.Tests.Journeys.Exchanges.Table.Outcomes;
using static MiniLB.Tests.Journeys.Exchanges.Table.Steps;

namespace MiniLB.Tests.Journeys.Exchanges.Rows;

/// <summary>Requests framed by Content-Length.</summary>
internal static class ContentLengthRows
{
    private const string Smuggled = "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n";

    private static readonly RequestSeen Hello = new("POST / HTTP/1.1")
    {
        Body = "hello",
        Has = ["Content-Length: 5"],
        Lacks = ["Transfer-Encoding"],
    };

    public static readonly ExchangeRow[] All =
    [
        Bad("same-twice", "a repeated length is refused even where both agree",
            "Content-Length: 5\r\nContent-Length: 5\r\n"),
        Bad("different-twice", "two lengths are refused", "Content-Length: 5\r\nContent-Length: 0\r\n"),
        Bad("different-twice-case", "two lengths spelt differently are refused",
            "Content-Length: 0\r\ncontent-length: 5\r\n"),
        Bad("list-same", "a list of equal lengths is refused", "Content-Length: 5, 5\r\n"),
        Bad("list-different", "a list of lengths is refused", "Content-Length: 5, 0\r\n"),
        Bad("list-empty-part", "a length followed by a comma is refused", "Content-Length: 5,\r\n"),
        Bad("plus", "a plus sign is refused", "Content-Length: +5\r\n"),
        Bad("minus", "a negative length is refused", "Content-Length: -5\r\n"),
        Bad("minus-zero", "a negative zero is refused", "Content-Length: -0\r\n"),
        Bad("hexadecimal", "a hexadecimal length is refused", "Content-Length: 0x5\r\n"),
        Bad("exponent", "an exponent is refused", "Content-Length: 5e0\r\n"),
        Bad("decimal", "a fraction is refused", "Content-Length: 5.0\r\n"),
        Bad("underscore", "a digit separator is refused", "Content-Length: 0_5\r\n"),
        Bad("blank-inside", "a blank between digits is refused", "Content-Length: 0 5\r\n"),
        Bad("empty", "an empty length is refused", "Content-Length:\r\n"),
        Bad("only-blanks", "a length of blanks is refused", "Content-Length: \t \r\n"),
        Bad("letters", "a length with a letter behind it is refused", "Content-Length: 5a\r\n"),
        Bad("semicolon", "a length with a parameter is refused", "Content-Length: 5;x\r\n"),
        Bad("quoted", "a quoted length is refused", "Content-Length: \"5\"\r\n"),
        Bad("other-digits", "digits outside ASCII are refused", "Content-Length: \u00b25\r\n"),
        Bad("form-feed", "a form feed before the length is refused", "Content-Length: \f5\r\n"),
        Bad("vertical-tab", "a vertical tab behind the length is refused", "Content-Length: 5\v\r\n"),
        Bad("nul", "a NUL behind the length is refused", "Content-Length: 5\0\r\n"),
        Bad("bits-63", "a length of 2^63 is refused", "Content-Length: 9223372036854775808\r\n"),
        Bad("overflow-64", "a length that wraps to 5 in 64 bits is refused",
            "Content-Length: 18446744073709551621\r\n"),
        Bad("overflow-32-long", "a length of a hundred digits is refused",
            $"Content-Length: {new string('9', 100)}\r\n"),
        Bad("space-before-colon", "'Content-Length : 5' is refused", "Content-Length : 5\r\n"),
        Bad("tab-before-colon", "a tab before the colon is refused", "Content-Length\t: 5\r\n"),
        Bad("folded", "a length on a continuation line is refused", "Content-Length:\r\n 5\r\n"),
        Bad("folded-second-digit", "a length that a continuation line prolongs is refused",
            "Content-Length: 5\r\n 0\r\n"),
        Passed("plain", "a body of that length arrives", Post("Content-Length: 5\r\n", "hello"), Hello),
        Passed("blanks-around", "blanks around the length do not count",
            Post("Content-Length: \t 5 \t\r\n", "hello"), Hello),
        Passed("no-blank", "no blank after the colon is needed", Post("Content-Length:5\r\n", "hello"), Hello),
        Passed("leading-zeros", "leading zeros make one length for everybody",
            Post("Content-Length: 0005\r\n", "hello"), new("POST / HTTP/1.1") { Body = "hello" }),
        Passed("zero", "a length of zero is no body", Post("Content-Length: 0\r\n", ""),
            new("POST / HTTP/1.1") { Body = "", Has = ["Content-Length: 0"] }),
        Passed("on-get", "a GET request's body is passed on, not taken for a request",
            Get($"Content-Length: {Smuggled.Length}\r\n") + Smuggled, new("GET / HTTP/1.1") { Body = Smuggled }),
        Passed("on-delete", "a DELETE request's body is passed on",
            "DELETE /x HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello",
            new("DELETE /x HTTP/1.1") { Body = "hello" }),
        Passed("on-options", "an OPTIONS request's body is passed on",
            "OPTIONS /x HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello",
            new("OPTIONS /x HTTP/1.1") { Body = "hello" }),
        Passed("body-like-a-request", "a body that looks like a request stays a body",
            Post($"Content-Length: {Smuggled.Length}\r\n", Smuggled), new("POST / HTTP/1.1") { Body = Smuggled }),
        Passed("body-like-chunks", "a body that looks like chunks stays a body",
            Post("Content-Length: 15\r\n", "5\r\nhello\r\n0\r\n\r\n"),
            new("POST / HTTP/1.1") { Body = "5\r\nhello\r\n0\r\n\r\n", Lacks = ["Transfer-Encoding"] }),
        Passed("underscored-coding", "Transfer_Encoding does not frame",
            Post("Content-Length: 5\r\nTransfer_Encoding: chunked\r\n", "hello"), Hello),
        Passed("named-by-connection", "Connection cannot strip the length",
            Post("Connection: Content-Length\r\nContent-Length: 5\r\n", "hello"), Hello),
        new("head-with-body", "a HEAD request's body is passed on, and its answer has none")
        {
            Sends = [$"HEAD / HTTP/1.1\r\nHost: h\r\nContent-Length: {Smuggled.Length}\r\n\r\n{Smuggled}"],
            Backend = Answers("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"),
            Sees = [new(200) { ToHead = true, Has = ["Content-Length: 2"] }],
            Reaches = [new("HEAD / HTTP/1.1") { Body = Smuggled }],
        },
        new("none-on-post", "without a length there is no body: what follows is the next request")
        {
            Sends = [Post("", "") + Get(target: "/next")],
            Backend = [[Body, Ok], [Body, Ok]],
            Sees = [new(200) { Body = "ok" }, new(200) { Body = "ok" }],
            Reaches = [new("POST / HTTP/1.1") { Lacks = ["Transfer-Encoding"] }, new("GET /next HTTP/1.1")],
        },
        new("in-pieces", "a body arrives however it is cut")
        {
            Sends = [Drip(Post("Content-Length: 20\r\n", "0123456789\r\n\r\nabcdef"), 3)],
            Reaches = [new("POST / HTTP/1.1") { Body = "0123456789\r\n\r\nabcdef" }],
        },
        new("ends-too-soon", "a client that leaves in mid-body leaves no whole request")
        {
            Sends = [Post("Content-Length: 10\r\n", "hello"), OtherSideHas("hello"), Reset],
            Then = Then.ClientLeft,
            ReachesNoneWhole = true,
        },
    ];

    private static ExchangeRow Bad(string name, string promise, string fields) =>
        Refused(name, promise, 400, Post(fields, "hello" + Smuggled));
}
