using MiniLB.Tests.Journeys.Exchanges.Table;
using static MiniLB.Tests.Journeys.Exchanges.Table.Outcomes;
using static MiniLB.Tests.Journeys.Exchanges.Table.Steps;

namespace MiniLB.Tests.Journeys.Exchanges.Rows;

/// <summary>Several requests on one connection, and whose backend connection they use.</summary>
internal static class PersistenceRows
{
    private static readonly ResponseSeen OkSeen = new(200) { Body = "ok" };

    public static readonly ExchangeRow[] All =
    [
        new("pipelined", "pipelined requests are answered in their order")
        {
            Sends = [string.Concat(Enumerable.Range(0, 20).Select(i => Get(target: $"/{i}")))],
            Backend = [.. Enumerable.Range(0, 20).Select(i => Numbered(i))],
            Sees = [.. Enumerable.Range(0, 20).Select(i => new ResponseSeen(200) { Body = $"{i:d2}" })],
            Reaches = [.. Enumerable.Range(0, 20).Select(i => new RequestSeen($"GET /{i} HTTP/1.1"))],
        },
        new("pipelined-bodies", "bodies of pipelined requests stay with their requests")
        {
            Sends =
            [
                Post("Content-Length: 5\r\n", "hello") + Chunked("5\r\nworld\r\n0\r\n\r\n")
                    + Post("Content-Length: 0\r\n", "") + Get(target: "/last"),
            ],
            Backend = [[Body, Ok], [Body, Ok], [Body, Ok], [Body, Ok]],
            Sees = [OkSeen, OkSeen, OkSeen, OkSeen],
            Reaches =
            [
                new("POST / HTTP/1.1") { Body = "hello" }, new("POST / HTTP/1.1") { Body = "world" },
                new("POST / HTTP/1.1") { Body = "" }, new("GET /last HTTP/1.1"),
            ],
        },
        new("pipelined-head", "the answer to HEAD does not take the next one's body")
        {
            Sends = ["HEAD / HTTP/1.1\r\nHost: h\r\n\r\n" + Get(target: "/next")],
            Backend = [[Body, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"], [Body, Ok]],
            Sees = [new(200) { ToHead = true }, OkSeen],
            Reaches = [new("HEAD / HTTP/1.1"), new("GET /next HTTP/1.1")],
        },
        new("pipelined-in-pieces", "pipelined requests are read however they are cut")
        {
            Sends = [Drip(Post("Content-Length: 5\r\n", "hello") + Get(target: "/next"), 7)],
            Backend = [[Body, Ok], [Body, Ok]],
            Sees = [OkSeen, OkSeen],
            Reaches = [new("POST / HTTP/1.1") { Body = "hello" }, new("GET /next HTTP/1.1")],
        },
        new("pipelined-bad", "a malformed request ends the connection behind the answers before it")
        {
            Sends = [Get() + Get("X : 1\r\n", "/bad") + Get(target: "/smuggled")],
            Sees = [OkSeen, Own(400)],
            Then = Then.Ends,
            Reaches = [new("GET / HTTP/1.1")],
        },
        new("pipelined-behind-close", "nothing is served behind Connection: close")
        {
            Sends = [Get("Connection: close\r\n") + Get(target: "/smuggled")],
            Then = Then.Ends,
            Reaches = [new("GET / HTTP/1.1")],
        },
        new("pipelined-behind-1-0", "nothing is served behind an HTTP/1.0 request")
        {
            Sends = ["GET / HTTP/1.0\r\nHost: h\r\n\r\n" + Get(target: "/smuggled")],
            Then = Then.Ends,
            Reaches = [new("GET / HTTP/1.1")],
        },
        new("own-answers", "MiniLB's own answers keep their place")
        {
            Sends = ["OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n" + Get() + "TRACE / HTTP/1.1\r\nHost: h\r\n\r\n"],
            Sees = [new(204), OkSeen, Own(405)],
            Reaches = [new("GET / HTTP/1.1")],
        },
        new("hosts-change", "every request on a connection has its own Host and fields")
        {
            Sends =
            [
                "GET /1 HTTP/1.1\r\nHost: one.test\r\nX-Once: 1\r\n\r\nGET /2 HTTP/1.1\r\nHost: two.test\r\n\r\n",
            ],
            Backend = [[Body, Ok], [Body, Ok]],
            Sees = [OkSeen, OkSeen],
            Reaches =
            [
                new("GET /1 HTTP/1.1") { Has = ["Host: one.test", "X-Forwarded-Host: one.test", "X-Once: 1"] },
                new("GET /2 HTTP/1.1")
                {
                    Has = ["Host: two.test", "X-Forwarded-Host: two.test"], Lacks = ["X-Once"],
                },
            ],
        },
        Kept("kept", "a backend connection is used again", Ok, isNew: false),
        Kept("kept-chunked", "so it is behind chunks",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", isNew: false),
        Kept("not-kept-close", "Connection: close of the backend counts",
            "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", isNew: true),
        Kept("not-kept-close-in-list", "so it does in a list",
            "HTTP/1.1 200 OK\r\nConnection: x, CLOSE\r\nContent-Length: 2\r\n\r\nok", isNew: true),
        Kept("not-kept-1-0", "a connection that speaks HTTP/1.0 is not used again",
            "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", isNew: true),
    ];

    private static Step[] Numbered(int i) => [Body, $"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{i:d2}"];

    private static ExchangeRow Kept(string name, string promise, string answer, bool isNew) => new(name, promise)
    {
        OnFreshConnections = true,
        Sends = [Get(target: "/1"), Await("ok"), Get(target: "/2")],
        Backend = [[Body, answer], [Body, Ok]],
        Sees = [OkSeen, OkSeen],
        Reaches =
        [
            new("GET /1 HTTP/1.1") { OnNewConnection = true }, new("GET /2 HTTP/1.1") { OnNewConnection = isNew },
        ],
    };
}
