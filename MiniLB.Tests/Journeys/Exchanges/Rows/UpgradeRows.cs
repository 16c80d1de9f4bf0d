using MiniLB.Tests.Journeys.Exchanges.Table;
using static MiniLB.Tests.Journeys.Exchanges.Table.Outcomes;
using static MiniLB.Tests.Journeys.Exchanges.Table.Steps;

namespace MiniLB.Tests.Journeys.Exchanges.Rows;

/// <summary>Upgrades: tunnels, and what is none.</summary>
internal static class UpgradeRows
{
    private const string WebSocket =
        "Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

    private const string Switching =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

    private static readonly string Large = string.Concat(Enumerable.Range(0, 30_000).Select(i => $"{i:x8}"));

    private static readonly ResponseSeen Switched = new(101)
    {
        Has = ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="],
        Lacks = ["Content-Length", "Transfer-Encoding"],
    };

    private static readonly RequestSeen Asked = new("GET / HTTP/1.1")
    {
        Has =
        [
            "Upgrade: websocket", "Connection", "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        ],
    };

    public static readonly ExchangeRow[] All =
    [
        Tunnel("both-ways", "bytes flow both ways, every one of them", ("\0\u0001ping\r\n\u00ff", "pong\r\n\r\n"),
            [Get(WebSocket), Await("101"), "\0\u0001ping\r\n\u00ff", Await("pong\r\n\r\n"), HalfClose],
            [Switching, Hear("\0\u0001ping\r\n\u00ff"), "pong\r\n\r\n", HearEnd, Close]),
        Tunnel("turns", "the sides may speak in turns", ("abc", "123"),
            [Get(WebSocket), Await("101"), "a", Await("1"), "b", Await("2"), "c", Await("3"), HalfClose],
            [Switching, Hear("a"), "1", Hear("b"), "2", Hear("c"), "3", HearEnd, Close]),
        Tunnel("backend-first", "bytes in one piece with the 101 are the tunnel's", ("", "hello"),
            [Get(WebSocket), Await("hello"), HalfClose], [Switching + "hello", HearEnd, Close]),
        Tunnel("client-early", "bytes that the client sends before the 101 are the tunnel's", ("early", ""),
            [Get(WebSocket) + "early", Await("101"), HalfClose], [Switching, Hear("early"), HearEnd, Close]),
        Tunnel("like-requests", "what looks like a request in a tunnel is none",
            ("GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n", Ok),
            [Get(WebSocket), Await("101"), "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n", Await("ok"), HalfClose],
            [Switching, Hear("Host: h\r\n\r\n"), Ok, HearEnd, Close]),
        Tunnel("large", "240,000 bytes flow each way", (Large, Large),
            [Get(WebSocket), Await("101"), Large, Await(Large), HalfClose],
            [Switching, Hear(Large), Large, HearEnd, Close]),
        Tunnel("client-half-closes", "a client that has said all still hears", ("bye", "late"),
            [Get(WebSocket), Await("101"), "bye", HalfClose], [Switching, HearEnd, "late", Close]),
        Tunnel("backend-half-closes", "a backend that has said all still hears", ("late", "bye"),
            [Get(WebSocket), Await("bye"), AwaitEnd, "late", HalfClose], [Switching, "bye", HalfClose, HearEnd, Close]),
        Tunnel("backend-resets", "a reset of the backend ends the tunnel", ("", ""),
            [Get(WebSocket), Await("101")], [Switching, OtherSideHas("101"), Reset]),
        Tunnel("client-resets", "a reset of the client ends the tunnel", ("", ""),
            [Get(WebSocket), Await("101"), "x", OtherSideHas("x"), Reset], [Switching, HearEnd]) with
        {
            Reaches = [Asked],
            Then = Then.ClientLeft,
        },
        new("other-protocol", "any protocol may be switched to")
        {
            Sends = [Get("Connection: upgrade\r\nUpgrade: raw/2\r\n"), Await("101"), "ping", Await("pong"), HalfClose],
            Backend =
            [
                [
                    "HTTP/1.1 101 Go\r\nConnection: upgrade\r\nUpgrade: raw/2\r\n\r\n", Hear("ping"), "pong",
                    HearEnd, Close,
                ],
            ],
            Sees = [new(101) { Has = ["Upgrade: raw/2"] }],
            Tunnelled = "pong",
            Then = Then.Ends,
            Reaches = [new("GET / HTTP/1.1") { Has = ["Upgrade: raw/2"], Heard = "ping" }],
        },
        new("case", "the case of the protocol does not matter")
        {
            Sends = [Get(WebSocket), Await("101"), HalfClose],
            Backend = [["HTTP/1.1 101 Go\r\nconnection: UPGRADE\r\nupgrade: WebSocket\r\n\r\n", HearEnd, Close]],
            Sees = [new(101)],
            Then = Then.Ends,
            Reaches = [Asked],
        },
        new("not-switched", "where the backend does not switch the connection serves the next request")
        {
            Sends = [Get(WebSocket) + Get(target: "/next")],
            Backend = [[Body, "HTTP/1.1 426 Upgrade Required\r\nContent-Length: 2\r\n\r\nno"], [Body, Ok]],
            Sees = [new(426) { Body = "no" }, new(200) { Body = "ok" }],
            Reaches = [Asked, new("GET /next HTTP/1.1")],
        },
        Not101("other-switched", "a 101 to another protocol than asked for gives 502",
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n"),
        Not101("no-upgrade", "a 101 that names no protocol gives 502", "HTTP/1.1 101 Switching Protocols\r\n\r\n"),
        Plain("h2c", "Upgrade: h2c is dropped, and the request served",
            "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"),
        Plain("h2c-case", "case does not save h2c", "Connection: upgrade\r\nUpgrade: H2C\r\n"),
        Plain("without-connection", "Upgrade counts only where Connection names it", "Upgrade: websocket\r\n"),
        Plain("connection-only", "Connection: Upgrade alone asks for nothing", "Connection: Upgrade\r\n"),
        new("h2c-in-list", "h2c does not pass beside another protocol")
        {
            Sends = [Get("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c, websocket\r\nHTTP2-Settings: AA\r\n")],
            Reaches =
            [
                new("GET / HTTP/1.1")
                {
                    Lacks = ["Upgrade: h2c, websocket", "Upgrade: websocket, h2c", "Upgrade: h2c", "HTTP2-Settings"],
                },
            ],
        },
        new("with-body", "a request with a body is not switched")
        {
            Sends = [Post(WebSocket + "Content-Length: 5\r\n", "hello")],
            Reaches = [new("POST / HTTP/1.1") { Body = "hello", Lacks = ["Upgrade", "Connection: Upgrade"] }],
        },
        new("on-1-0", "HTTP/1.0 knows no Upgrade")
        {
            Sends = ["GET / HTTP/1.0\r\nHost: h\r\n" + WebSocket + "\r\n"],
            Sees = [new(200) { Body = "ok" }],
            Reaches = [new("GET / HTTP/1.1") { Lacks = ["Upgrade"] }],
        },
    ];

    private static ExchangeRow Tunnel(
        string name, string promise, (string Up, string Down) bytes, Step[] client, Step[] backend) =>
        new(name, promise)
        {
            Sends = client,
            Backend = [backend],
            Sees = [Switched],
            Tunnelled = bytes.Down,
            Then = Then.Ends,
            Reaches = [Asked with { Heard = bytes.Up }],
        };

    private static ExchangeRow Not101(string name, string promise, string answer) => new(name, promise)
    {
        Sends = [Get(WebSocket)],
        Backend = [[answer, HearEnd]],
        Sees = [Own(502)],
        Reaches = [Asked],
    };

    private static ExchangeRow Plain(string name, string promise, string fields) => Passed(name, promise, Get(fields),
        new("GET / HTTP/1.1") { Lacks = ["Upgrade", "Connection: Upgrade", "HTTP2-Settings"] });
}
