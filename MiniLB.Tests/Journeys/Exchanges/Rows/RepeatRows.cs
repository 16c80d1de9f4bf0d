using MiniLB.Tests.Journeys.Exchanges.Table;
using static MiniLB.Tests.Journeys.Exchanges.Table.Outcomes;
using static MiniLB.Tests.Journeys.Exchanges.Table.Steps;

namespace MiniLB.Tests.Journeys.Exchanges.Rows;

/// <summary>A kept backend connection that ends at the moment of reuse: what may be repeated is, and nothing
/// else.</summary>
internal static class RepeatRows
{
    private static readonly RequestSeen First = new("GET / HTTP/1.1") { OnNewConnection = true };

    public static readonly ExchangeRow[] All =
    [
        Repeated("get", "GET"), Repeated("options", "OPTIONS"), Repeated("put", "PUT"), Repeated("delete", "DELETE"),
        Repeated("get-reset", "GET", Reset), Repeated("delete-reset", "DELETE", Reset),
        new("head-repeated", "HEAD is repeated on a new connection")
        {
            OnFreshConnections = true,
            Sends = [Get(), Await("ok"), "HEAD /2 HTTP/1.1\r\nHost: h\r\n\r\n"],
            Backend = [[Body, Ok], [Close], [Body, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n"]],
            Sees = [new(200) { Body = "ok" }, new(200) { ToHead = true }],
            Reaches =
            [
                First, new("HEAD /2 HTTP/1.1") { OnNewConnection = false },
                new("HEAD /2 HTTP/1.1") { OnNewConnection = true },
            ],
        },
        NotRepeated("post", "POST", "Content-Length: 0\r\n"), NotRepeated("post-no-length", "POST", ""),
        NotRepeated("patch", "PATCH", ""), NotRepeated("unknown", "PURGE", ""),
        NotRepeated("lower-case", "get", ""), NotRepeated("post-reset", "POST", "", Reset),
        Repeated("put-with-body", "PUT") with
        {
            Sends = [Get(), Await("ok"), "PUT /2 HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello"],
            Backend = [[Body, Ok], [Body, Close], [Body, Ok]],
        },
        Repeated("post-with-key", "POST") with
        {
            Sends =
            [
                Get(), Await("ok"),
                "POST /2 HTTP/1.1\r\nHost: h\r\nIdempotency-Key: \"k\"\r\nContent-Length: 5\r\n\r\nhello",
            ],
            Backend = [[Body, Ok], [Body, Reset], [Body, Ok]],
        },
        NotRepeated("post-with-body", "POST", "Content-Length: 5\r\n", Body, Reset) with
        {
            Sends = [Get(), Await("ok"), "POST /2 HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello"],
        },
        NotRepeated("head-begun", "GET", "", "HTTP/1.1 2", Close),
        new("new-connection", "on a new connection nothing is repeated where there is one backend")
        {
            OnFreshConnections = true,
            Sends = [Get()],
            Backend = [[Body, Close]],
            Sees = [Own(502)],
            Reaches = [First],
        },
        new("closed-while-idle", "a connection that was closed while idle costs no request, whatever its method")
        {
            OnFreshConnections = true,
            Sends = [Get(), Await("ok"), BackendDone, "POST /2 HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n"],
            Backend = [[Body, Ok, Close], [Body, Ok]],
            Sees = [new(200) { Body = "ok" }, new(200) { Body = "ok" }],
            Reaches = [First, new("POST /2 HTTP/1.1") { OnNewConnection = true }],
        },
        new("reset-while-idle", "so does one that was reset while idle")
        {
            OnFreshConnections = true,
            Sends = [Get(), Await("ok"), BackendDone, "POST /2 HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n"],
            Backend = [[Body, Ok, OtherSideHas("ok"), Reset], [Body, Ok]],
            Sees = [new(200) { Body = "ok" }, new(200) { Body = "ok" }],
            Reaches = [First, new("POST /2 HTTP/1.1") { OnNewConnection = true }],
        },
    ];

    private static ExchangeRow Repeated(string name, string method, Step? end = null) =>
        new(name + "-repeated", $"{method} is repeated on a new connection")
        {
            OnFreshConnections = true,
            Sends = [Get(), Await("ok"), $"{method} /2 HTTP/1.1\r\nHost: h\r\n\r\n"],
            Backend = [[Body, Ok], [end ?? Close], [Body, Ok]],
            Sees = [new(200) { Body = "ok" }, new(200) { Body = "ok" }],
            Reaches =
            [
                First, new($"{method} /2 HTTP/1.1") { OnNewConnection = false },
                new($"{method} /2 HTTP/1.1") { OnNewConnection = true },
            ],
        };

    private static ExchangeRow NotRepeated(string name, string method, string fields, params Step[] end) =>
        new(name + "-not-repeated", "what may have had its effect is not sent again")
        {
            OnFreshConnections = true,
            Sends = [Get(), Await("ok"), $"{method} /2 HTTP/1.1\r\nHost: h\r\n{fields}\r\n"],
            Backend = [[Body, Ok], end.Length > 0 ? end : [Close], [Body, Ok]],
            Sees = [new(200) { Body = "ok" }, Own(502)],
            Reaches = [First, new($"{method} /2 HTTP/1.1") { OnNewConnection = false }],
        };
}
