using MiniLB.Tests.Journeys.Exchanges.Table;
using static MiniLB.Tests.Journeys.Exchanges.Table.Outcomes;
using static MiniLB.Tests.Journeys.Exchanges.Table.Steps;

namespace MiniLB.Tests.Journeys.Exchanges.Rows;

/// <summary>What is passed on exactly as it came.</summary>
internal static class FaithfulRows
{
    private static readonly string EveryByte = new([.. Enumerable.Range(0, 256).Select(i => (char)i)]);
    private static readonly string Large = string.Concat(Enumerable.Repeat(EveryByte, 2000));

    public static readonly ExchangeRow[] All =
    [
        Method("put", "PUT"), Method("patch", "PATCH"), Method("delete", "DELETE"), Method("options", "OPTIONS"),
        Method("unknown", "PURGE"), Method("with-dash", "M-SEARCH"), Method("lower-case", "get"),
        Method("mixed-case", "Post"), Method("of-all-tokens", "A!#$%&'*+-.^_`|~z9"), Method("long", new('X', 60)),
        new("method-head", "HEAD arrives as HEAD")
        {
            Sends = ["HEAD /x HTTP/1.1\r\nHost: h\r\n\r\n"],
            Backend = Answers("HTTP/1.1 200 OK\r\nContent-Length: 7\r\nX: 1\r\n\r\n"),
            Sees = [new(200) { ToHead = true, Has = ["Content-Length: 7", "X: 1"] }],
            Reaches = [new("HEAD /x HTTP/1.1")],
        },
        Passed("nothing-added", "nothing is added but what is said to be", Get(), new("GET / HTTP/1.1")
        {
            Lacks =
            [
                "User-Agent", "Accept", "Accept-Encoding", "traceparent", "Content-Length", "Transfer-Encoding",
                "Content-Type", "Connection", "Cache-Control", "Forwarded", "X-Real-IP",
            ],
        }),
        Passed("lines-apart", "lines of one field stay apart and in order",
            Get("X-L: 1\r\nX-M: 2\r\nx-l: 3\r\nX-L: a, b\r\n"),
            new("GET / HTTP/1.1") { Lines = ["X-L: 1", "X-L: 3", "X-L: a, b", "X-M: 2"] }),
        Passed("cookies-apart", "Cookie lines stay apart", Get("Cookie: a=1; b=2\r\nCookie: c=3\r\n"),
            new("GET / HTTP/1.1") { Lines = ["Cookie: a=1; b=2", "Cookie: c=3"] }),
        Passed("odd-values", "known fields with odd values arrive as they are",
            Get("User-Agent: odd()) agent/\r\nAccept: not/a;;list\r\nReferer: :::\r\nDate: yesterday\r\n"
                + "If-Modified-Since: 0\r\nAccept-Encoding: x;q=9,,\r\nAuthorization: a,b=c;;\"\r\n"),
            new("GET / HTTP/1.1")
            {
                Has =
                [
                    "User-Agent: odd()) agent/", "Accept: not/a;;list", "Referer: :::", "Date: yesterday",
                    "If-Modified-Since: 0", "Accept-Encoding: x;q=9,,", "Authorization: a,b=c;;\"",
                ],
            }),
        Passed("content-fields", "fields that describe a body arrive without one",
            Get("Content-Type: text/plain\r\nContent-Encoding: x\r\nContent-Language: ?\r\nExpires: -1\r\n"),
            new("GET / HTTP/1.1")
            {
                Has = ["Content-Type: text/plain", "Content-Encoding: x", "Content-Language: ?", "Expires: -1"],
            }),
        Passed("conditions", "ranges and conditions arrive",
            Get("Range: bytes=0-4, -5\r\nIf-None-Match: \"a\", W/\"b\"\r\nIf-Range: \"a\"\r\n"),
            new("GET / HTTP/1.1")
            {
                Has = ["Range: bytes=0-4, -5", "If-None-Match: \"a\", W/\"b\"", "If-Range: \"a\""],
            }),
        Passed("body-bytes", "every byte arrives in a body",
            Post($"Content-Length: {EveryByte.Length}\r\nContent-Encoding: gzip\r\n", EveryByte),
            new("POST / HTTP/1.1") { Body = EveryByte, Has = ["Content-Encoding: gzip"] }),
        Passed("body-bytes-chunked", "every byte arrives in a chunk", Chunked($"100\r\n{EveryByte}\r\n0\r\n\r\n"),
            new("POST / HTTP/1.1") { Body = EveryByte }),
        Passed("body-large", "512,000 bytes arrive in their order", Post($"Content-Length: {Large.Length}\r\n", Large),
            new("POST / HTTP/1.1") { Body = Large }),
        Answered("response-lines-apart", "lines of one response field stay apart and in order",
            "HTTP/1.1 200 OK\r\nX-L: 1\r\nX-M: 2\r\nx-l: 3\r\nContent-Length: 2\r\n\r\nok",
            new(200) { Lines = ["X-L: 1", "X-L: 3", "X-M: 2"] }),
        Answered("response-set-cookie", "Set-Cookie lines stay apart",
            "HTTP/1.1 200 OK\r\nSet-Cookie: a=1, x; Path=/\r\nSet-Cookie: b=2\r\nSet-Cookie: a=3\r\n"
            + "Content-Length: 2\r\n\r\nok",
            new(200) { Lines = ["Set-Cookie: a=1, x; Path=/", "Set-Cookie: b=2", "Set-Cookie: a=3"] }),
        Answered("response-values", "response values arrive as they are",
            "HTTP/1.1 200 OK\r\nX-E:\r\nX-H: caf\u00e9\u00ff\r\nX-T: a\tb\r\nLast-Modified: never\r\n"
            + "Cache-Control: ,,x\r\nContent-Type: ;\r\nETag: nope\r\nVary: *, x\r\nLocation: ://\r\nAge: -1\r\n"
            + "Content-Length: 2\r\n\r\nok",
            new(200)
            {
                Lines = ["X-E:"],
                Has =
                [
                    "X-H: caf\u00e9\u00ff", "X-T: a\tb", "Last-Modified: never", "Cache-Control: ,,x", "ETag: nope",
                    "Content-Type: ;", "Vary: *, x", "Location: ://", "Age: -1",
                ],
            }),
        Answered("response-date", "the backend's Date and Server are kept",
            "HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nServer: mine/1\r\nContent-Length: 2\r\n\r\nok",
            new(200) { Lines = ["Date: Thu, 01 Jan 1970 00:00:00 GMT", "Server: mine/1"] }),
        Answered("response-nothing-added", "nothing but Date is added to a response", Ok, new(200)
        {
            Has = ["Date"],
            Lacks = ["Server", "Via", "Content-Type", "X-Request-Id", "Connection", "Transfer-Encoding"],
        }),
        Answered("response-body-bytes", "every byte arrives in a response",
            $"HTTP/1.1 200 OK\r\nContent-Length: 256\r\nContent-Encoding: gzip\r\n\r\n{EveryByte}",
            new(200) { Body = EveryByte, Has = ["Content-Encoding: gzip", "Content-Length: 256"] }),
        Answered("response-body-large", "512,000 bytes arrive in their order",
            $"HTTP/1.1 200 OK\r\nContent-Length: {Large.Length}\r\n\r\n{Large}", new(200) { Body = Large }),
        Answered("response-error", "an error of the backend's own is its own",
            "HTTP/1.1 503 Busy\r\nRetry-After: 9\r\nContent-Length: 2\r\n\r\nno",
            new(503) { Line = "HTTP/1.1 503 Busy", Body = "no", Has = ["Retry-After: 9"] }),
        Flushed("flush-chunk", "a chunk does not wait for the next",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n", "3\r\ntwo\r\n0\r\n\r\n"),
        Flushed("flush-length", "bytes of a body do not wait for the rest",
            "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\none", "two"),
        new("flush-head", "a head does not wait for its body")
        {
            Sends = [Get()],
            Backend = Answers(
                "HTTP/1.1 200 OK\r\nX-Early: 1\r\nContent-Length: 2\r\n\r\n", OtherSideHas("X-Early: 1"), "ok"),
            Reaches = [new("GET / HTTP/1.1")],
        },
        new("flush-request-chunk", "a chunk of a request does not wait for the next")
        {
            Sends = [Chunked("3\r\none\r\n"), OtherSideHas("one"), "3\r\ntwo\r\n0\r\n\r\n"],
            Reaches = [new("POST / HTTP/1.1") { Body = "onetwo" }],
        },
        new("max-forwards-zero", "OPTIONS with Max-Forwards: 0 is answered by MiniLB")
        {
            Sends = ["OPTIONS / HTTP/1.1\r\nHost: h\r\nMax-Forwards: 0\r\n\r\n"],
            Sees = [new(204)],
        },
        Passed("max-forwards", "Max-Forwards of OPTIONS counts down",
            "OPTIONS / HTTP/1.1\r\nHost: h\r\nMax-Forwards: 5\r\n\r\n",
            new("OPTIONS / HTTP/1.1") { Lines = ["Max-Forwards: 4"] }),
    ];

    private static ExchangeRow Method(string name, string method) => Passed("method-" + name,
        "a method arrives as it was spelt", $"{method} /x HTTP/1.1\r\nHost: h\r\n\r\n", new($"{method} /x HTTP/1.1"));

    private static ExchangeRow Flushed(string name, string promise, string first, string rest) =>
        Answered(name, promise, "", new(200) { Body = "onetwo" }) with
        {
            Backend = Answers(first, OtherSideHas("one"), rest),
        };
}
