using MiniLB.Tests.Journeys.Exchanges.Table;
using static MiniLB.Tests.Journeys.Exchanges.Table.Outcomes;
using static MiniLB.Tests.Journeys.Exchanges.Table.Steps;

namespace MiniLB.Tests.Journeys.Exchanges.Rows;

/// <summary>Expect, early answers, and both directions at once.</summary>
internal static class ExpectRows
{
    private const string Expect = "Expect: 100-continue\r\n";
    private const string Continue = "HTTP/1.1 100 Continue\r\n\r\n";
    private const string Smuggled = "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n";
    private const string TooLarge = "HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig";

    private static readonly RequestSeen Hello = new("POST / HTTP/1.1")
    {
        Body = "hello",
        Has = ["Expect: 100-continue"],
    };

    public static readonly ExchangeRow[] All =
    [
        Asked("waits", "the backend's 100 reaches the client, and then the body the backend",
            "Content-Length: 5\r\n", "hello"),
        Asked("waits-chunked", "so it is with chunks", "Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n\r\n"),
        new("does-not-wait", "a client need not wait for 100")
        {
            Sends = [Post("Content-Length: 5\r\n" + Expect, "hello")],
            Backend = [[Continue, Body, Ok]],
            Sees = [new(200) { Body = "ok", Interims = null }],
            Reaches = [Hello],
        },
        new("case", "the case of 100-continue does not matter")
        {
            Sends = [Post("Content-Length: 5\r\nexpect: 100-Continue\r\n", ""), Await(Continue), "hello"],
            Backend = [[Continue, Body, Ok]],
            Sees = [new(200) { Body = "ok", Interims = [100] }],
            Reaches = [new("POST / HTTP/1.1") { Body = "hello" }],
        },
        new("no-100", "no 100 of MiniLB's own: the client hears what the backend says")
        {
            Sends = [Post("Content-Length: 5\r\n" + Expect, ""), OtherSideHas("POST /"), "hello"],
            Sees = [new(200) { Body = "ok" }],
            Reaches = [Hello],
        },
        Early("refused", "a final answer in place of 100 is passed on, and no body is waited for", Expect),
        Early("refused-keeps-nothing", "what comes behind an answer in place of 100 is no request", Expect) with
        {
            Sends = [Post($"Content-Length: {Smuggled.Length}\r\n" + Expect, ""), Await("big"), Smuggled],
        },
        Early("final-ok", "a 200 in place of 100 ends the connection too: nobody knows whether the body comes",
            Expect) with
        {
            Sends = [Post($"Content-Length: {Smuggled.Length}\r\n" + Expect, ""), Await("ok"), Smuggled],
            Backend = [[Ok, HearEnd]],
            Sees = [new(200) { Body = "ok" }],
        },
        Early("early", "an answer before the end of an upload is passed on at once, and the upload stopped", ""),
        Early("early-chunked", "so it is with chunks", "") with
        {
            Sends = [Chunked("5\r\nhello\r\n"), Await("big"), "5\r\nworld\r\n"],
        },
        Early("early-large", "an upload under way does not hold up an answer", "") with
        {
            Sends = [Post("Content-Length: 4000000\r\n", new string('b', 1_000_000))],
        },
        new("early-whole", "an answer before a body that then comes whole changes nothing for the client")
        {
            Sends = [Post("Content-Length: 5\r\n", ""), Await("big"), "hello"],
            Backend = [[TooLarge, HearEnd]],
            Sees = [new(413) { Body = "big" }],
            Then = Then.Ends,
            ReachesNoneWhole = true,
        },
        new("both-at-once", "response and request flow at the same time")
        {
            Sends =
            [
                Chunked("3\r\none\r\n"), Await("uno"), "3\r\ntwo\r\n", Await("due"), "5\r\nthree\r\n0\r\n\r\n",
            ],
            Backend =
            [
                [
                    Hear("one\r\n"), "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nuno\r\n",
                    Hear("two\r\n"), "3\r\ndue\r\n", Hear("three\r\n0\r\n\r\n"), "3\r\ntre\r\n0\r\n\r\n",
                ],
            ],
            Sees = [new(200) { Body = "unoduetre" }],
            Reaches = [new("POST / HTTP/1.1") { IsTakenRaw = true }],
        },
        new("without-body", "100-continue without a body changes nothing")
        {
            Sends = [Get(Expect)],
            Reaches = [new("GET / HTTP/1.1")],
        },
        new("on-1-0", "HTTP/1.0 clients get no 100")
        {
            Sends = ["POST / HTTP/1.0\r\nHost: h\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello"],
            Backend = [[Continue, Body, Ok]],
            Sees = [new(200) { Body = "ok" }],
            Then = Then.Ends,
            Reaches = [new("POST / HTTP/1.1") { Body = "hello" }],
        },
        new("next-request", "behind an expected body the connection serves the next request")
        {
            Sends =
            [
                Post("Content-Length: 5\r\n" + Expect, ""), Await(Continue), "hello" + Get(target: "/next"),
            ],
            Backend = [[Continue, Body, Ok], [Body, Ok]],
            Sees = [new(200) { Body = "ok", Interims = [100] }, new(200) { Body = "ok" }],
            Reaches = [Hello, new("GET /next HTTP/1.1")],
        },
        new("twice-100", "a second 100 is passed on like the first")
        {
            Sends = [Post("Content-Length: 5\r\n" + Expect, ""), Await(Continue), "hello"],
            Backend = [[Continue, Body, Continue + Ok]],
            Sees = [new(200) { Body = "ok", Interims = [100, 100] }],
            Reaches = [Hello],
        },
        Refused("unknown", "another expectation is refused", 417, Post("Content-Length: 5\r\nExpect: x\r\n", "hello")),
        Refused("list", "100-continue beside another expectation is refused", 417,
            Post("Content-Length: 5\r\nExpect: 100-continue, x\r\n", "hello")),
        Refused("prefixed", "an expectation that only ends in 100-continue is refused", 417,
            Post("Content-Length: 5\r\nExpect: y 100-continue\r\n", "hello")),
        Refused("second-line", "another expectation on a second line is refused", 417,
            Post("Content-Length: 5\r\nExpect: 100-continue\r\nExpect: x\r\n", "hello")),
        Refused("obfuscated-cl", "Expect beside both framings is refused like these", 400,
            Post(Expect + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n" + Smuggled)),
    ];

    private static ExchangeRow Asked(string name, string promise, string framing, string body) => new(name, promise)
    {
        Sends = [Post(framing + Expect, ""), Await(Continue), body],
        Backend = [[Continue, Body, Ok]],
        Sees = [new(200) { Body = "ok", Interims = [100] }],
        Reaches = [Hello],
    };

    private static ExchangeRow Early(string name, string promise, string fields) => new(name, promise)
    {
        Sends = [Post("Content-Length: 1000\r\n" + fields, fields.Length > 0 ? "" : "hello")],
        Backend = [[TooLarge, HearEnd]],
        Sees = [new(413) { Body = "big" }],
        Then = Then.Ends,
        ReachesNoneWhole = true,
    };
}
