using MiniLB.Tests.Journeys.Exchanges.Table;
using static MiniLB.Tests.Journeys.Exchanges.Table.Outcomes;
using static MiniLB.Tests.Journeys.Exchanges.Table.Steps;

namespace MiniLB.Tests.Journeys.Exchanges.Rows;

/// <summary>How the end of a response is told, and what may follow it.</summary>
internal static class ResponseFramingRows
{
    private const string Evil = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil";

    private static readonly string Large = new('x', 300_000);

    public static readonly ExchangeRow[] All =
    [
        Bad("length-twice", "a repeated length gives 502", "Content-Length: 2\r\nContent-Length: 2\r\n"),
        Bad("lengths-differ", "two lengths give 502", "Content-Length: 2\r\nContent-Length: 4\r\n"),
        Bad("length-list", "a list of lengths gives 502", "Content-Length: 2, 2\r\n"),
        Bad("length-plus", "a signed length gives 502", "Content-Length: +2\r\n"),
        Bad("length-minus", "a negative length gives 502", "Content-Length: -2\r\n"),
        Bad("length-hexadecimal", "a hexadecimal length gives 502", "Content-Length: 0x2\r\n"),
        Bad("length-empty", "an empty length gives 502", "Content-Length:\r\n"),
        Bad("length-overflow", "a length above 63 bits gives 502", "Content-Length: 18446744073709551618\r\n"),
        Bad("both", "both framings give 502", "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n"),
        Bad("both-chunked-first", "both framings give 502 in either order",
            "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n"),
        Bad("gzip", "another coding than chunked gives 502", "Transfer-Encoding: gzip\r\n"),
        Bad("gzip-chunked", "a coding before chunked gives 502", "Transfer-Encoding: gzip, chunked\r\n"),
        Bad("chunked-gzip", "a coding behind chunked gives 502", "Transfer-Encoding: chunked, gzip\r\n"),
        Bad("chunked-twice", "chunked twice gives 502",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
        Bad("identity", "identity gives 502", "Transfer-Encoding: identity\r\n"),
        Bad("xchunked", "xchunked gives 502", "Transfer-Encoding: xchunked\r\n"),
        Answered("chunks", "chunks make one body, without their extensions",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n",
            new(200) { Body = "hello", Lacks = ["Content-Length"] }),
        Answered("chunks-none", "a chunked body may be empty",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n0\r\n\r\n", new(200) { Body = "" }),
        Answered("chunks-large", "a large chunk arrives",
            $"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{Large.Length:x}\r\n{Large}\r\n0\r\n\r\n",
            new(200) { Body = Large }),
        Answered("length-zero", "a length of zero is kept", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
            new(200) { Body = "", Has = ["Content-Length: 0"] }),
        Answered("length-large", "a long body arrives, with its length",
            $"HTTP/1.1 200 OK\r\nContent-Length: {Large.Length}\r\n\r\n{Large}",
            new(200) { Body = Large, Has = [$"Content-Length: {Large.Length}"] }),
        Answered("body-like-a-response", "a body that looks like a response stays a body",
            $"HTTP/1.1 200 OK\r\nContent-Length: {Evil.Length}\r\n\r\n{Evil}", new(200) { Body = Evil }),
        Answered("named-by-connection", "a response's Connection cannot strip its framing",
            "HTTP/1.1 200 OK\r\nConnection: Content-Length\r\nContent-Length: 2\r\n\r\nok",
            new(200) { Body = "ok" }),
        ToClose("no-length", "a body without a length lasts until the connection closes", "HTTP/1.1"),
        ToClose("no-length-1-0", "so it does in HTTP/1.0", "HTTP/1.0"),
        Answered("status-204", "204 has no body, and no length", "HTTP/1.1 204 No Content\r\nX: 1\r\n\r\n",
            new(204) { Has = ["X: 1"], Lacks = ["Content-Length", "Transfer-Encoding"] }),
        Answered("status-204-length", "the length of a 204 is dropped",
            "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n", new(204) { Lacks = ["Content-Length"] }),
        Answered("status-205", "205 keeps its length of zero",
            "HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n", new(205) { Body = "" }),
        Answered("status-304", "304 has no body, but may have the length",
            "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\nETag: \"a\"\r\n\r\n",
            new(304) { Has = ["Content-Length: 5", "ETag: \"a\""] }),
        Answered("status-304-bare", "304 needs no length", "HTTP/1.1 304 Not Modified\r\n\r\n",
            new(304) { Lacks = ["Content-Length", "Transfer-Encoding"] }),
        Head("head-length", "the answer to HEAD has the length, and no body", "Content-Length: 5\r\n",
            new(200) { ToHead = true, Has = ["Content-Length: 5"] }),
        Head("head-no-length", "the answer to HEAD needs no length", "X: 1\r\n",
            new(200) { ToHead = true, Has = ["X: 1"] }),
        Head("head-chunked", "the answer to HEAD has no chunks", "Transfer-Encoding: chunked\r\n",
            new(200) { ToHead = true }),
        More("more-behind-length", "bytes behind a response reach nobody", Ok + Evil, new(200) { Body = "ok" }),
        More("more-behind-chunks", "bytes behind the last chunk reach nobody",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n" + Evil,
            new(200) { Body = "ok" }),
        More("more-behind-204", "a body behind a 204 reaches nobody", "HTTP/1.1 204 No Content\r\n\r\n" + Evil,
            new(204)),
        More("more-behind-304", "a body behind a 304 reaches nobody",
            $"HTTP/1.1 304 Not Modified\r\nContent-Length: {Evil.Length}\r\n\r\n{Evil}", new(304)),
        More("more-behind-empty", "a body behind a length of zero reaches nobody",
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" + Evil, new(200) { Body = "" }),
        More("more-late", "bytes that come on an idle connection reach nobody", Ok, new(200) { Body = "ok" }) with
        {
            Sends = [Get(), Await("ok"), BackendDone],
            Backend = [[Body, Ok, OtherSideHas("ok"), Evil]],
        },
        new("more-behind-head", "a body behind the answer to HEAD reaches nobody")
        {
            Sends = ["HEAD / HTTP/1.1\r\nHost: h\r\n\r\n"],
            Backend = [[Body, $"HTTP/1.1 200 OK\r\nContent-Length: {Evil.Length}\r\n\r\n{Evil}", HearEnd]],
            Sees = [new(200) { ToHead = true }],
            Reaches = [new("HEAD / HTTP/1.1")],
        },
    ];

    private static ExchangeRow Bad(string name, string promise, string fields) =>
        Nonsense(name, promise, $"HTTP/1.1 200 OK\r\n{fields}\r\n2\r\nok\r\n0\r\n\r\n");

    private static ExchangeRow ToClose(string name, string promise, string version) =>
        Answered(name, promise, "", new(200) { Body = "until the end" }) with
        {
            Backend = Answers($"{version} 200 OK\r\n\r\nuntil ", OtherSideHas("until "), "the end", Close),
        };

    private static ExchangeRow Head(string name, string promise, string fields, ResponseSeen sees) =>
        new(name, promise)
        {
            Sends = ["HEAD / HTTP/1.1\r\nHost: h\r\n\r\n"],
            Backend = Answers($"HTTP/1.1 200 OK\r\n{fields}\r\n"),
            Sees = [sees],
            Reaches = [new("HEAD / HTTP/1.1")],
        };

    private static ExchangeRow More(string name, string promise, string answer, ResponseSeen sees) =>
        Answered(name, promise, answer, sees) with { Backend = [[Body, answer, HearEnd]] };
}
