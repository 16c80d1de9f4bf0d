using MiniLB.Tests.Journeys.Exchanges.Table;
using static MiniLB.Tests.Journeys.Exchanges.Table.Outcomes;
using static MiniLB.Tests.Journeys.Exchanges.Table.Steps;

namespace MiniLB.Tests.Journeys.Exchanges.Rows;

/// <summary>Fields that end here, and fields that Connection cannot take away.</summary>
internal static class HopByHopRows
{
    public static readonly ExchangeRow[] All =
    [
        Gone("named", "what Connection names ends here", "Connection: X-A\r\nX-A: 1\r\n", "X-A"),
        Gone("named-case", "case does not save a named field", "Connection: x-a\r\nX-A: 1\r\n", "X-A"),
        Gone("named-list", "every name of a list counts", "Connection: X-A,,\tX-B ,\r\nX-A: 1\r\nX-B: 1\r\n",
            "X-A", "X-B"),
        Gone("named-lines", "every line of Connection counts",
            "Connection: X-A\r\nConnection: X-B\r\nX-A: 1\r\nX-B: 1\r\n", "X-A", "X-B"),
        Gone("named-before", "a field before Connection is named too", "X-A: 1\r\nConnection: X-A\r\n", "X-A"),
        Gone("named-beside-keep-alive", "keep-alive hides no other name",
            "Connection: keep-alive, X-A\r\nX-A: 1\r\n", "X-A"),
        Gone("keep-alive", "Keep-Alive ends here", "Keep-Alive: timeout=5\r\n", "Keep-Alive"),
        Gone("proxy-connection", "Proxy-Connection ends here", "Proxy-Connection: keep-alive\r\n",
            "Proxy-Connection"),
        Gone("te", "TE ends here", "TE: trailers, gzip\r\n", "TE"),
        Gone("upgrade", "Upgrade without Connection ends here", "Upgrade: websocket\r\n", "Upgrade"),
        Gone("http2-settings", "HTTP2-Settings ends here",
            "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n",
            "Upgrade", "HTTP2-Settings"),
        Gone("proxy-authorization", "Proxy-Authorization ends here", "Proxy-Authorization: Basic eDp5\r\n",
            "Proxy-Authorization"),
        Kept("names-host", "Connection cannot strip Host", "Connection: Host\r\n", "Host: h"),
        Kept("names-via", "Connection cannot strip Via", "Connection: Via\r\n", "Via: 1.1 minilb"),
        Kept("names-forwarded-for", "Connection cannot strip X-Forwarded-For", "Connection: X-Forwarded-For\r\n",
            "X-Forwarded-For: 127.0.0.1"),
        Kept("names-forwarded-host", "Connection cannot strip X-Forwarded-Host",
            "Connection: close-not, X-Forwarded-Host\r\n", "X-Forwarded-Host: h"),
        Kept("names-forwarded-proto", "Connection cannot strip X-Forwarded-Proto",
            "Connection: X-Forwarded-Proto\r\n", "X-Forwarded-Proto: http"),
        Kept("names-request-id", "Connection cannot strip X-Request-Id", "Connection: X-Request-Id\r\n",
            "X-Request-Id"),
        Passed("named-not-others", "what Connection does not name stays", Get("Connection: X-A\r\nX-AB: 1\r\nX: 2\r\n"),
            new("GET / HTTP/1.1") { Has = ["X-AB: 1", "X: 2"] }),
        new("close", "close ends the connection, and is not passed on")
        {
            Sends = [Get("Connection: close\r\n")],
            Sees = [new(200) { Body = "ok", Has = ["Connection: close"] }],
            Then = Then.Ends,
            Reaches = [new("GET / HTTP/1.1") { Lacks = ["Connection: close"] }],
        },
        new("close-in-list", "close counts anywhere in a list")
        {
            Sends = [Get("Connection: X-A, CLOSE\r\nX-A: 1\r\n") + Get(target: "/smuggled")],
            Then = Then.Ends,
            Reaches = [new("GET / HTTP/1.1") { Lacks = ["X-A"] }],
        },
        Answer("response-named", "what a response's Connection names ends here",
            "Connection: X-A\r\nX-A: 1\r\nX-B: 1\r\n", new(200) { Has = ["X-B: 1"], Lacks = ["X-A", "Connection"] }),
        Answer("response-keep-alive", "a response's Keep-Alive ends here",
            "Connection: keep-alive\r\nKeep-Alive: timeout=5\r\n", new(200) { Lacks = ["Connection", "Keep-Alive"] }),
        Answer("response-upgrade", "an Upgrade that is offered ends here", "Connection: Upgrade\r\nUpgrade: h2c\r\n",
            new(200) { Lacks = ["Connection", "Upgrade"] }),
        Answer("response-proxy-connection", "a response's Proxy-Connection ends here",
            "Proxy-Connection: keep-alive\r\n", new(200) { Lacks = ["Proxy-Connection"] }),
        Answer("response-names-date", "a response's Connection cannot strip Date",
            "Connection: Date\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\n", new(200) { Has = ["Date"] }),
        Answer("response-close", "the backend's close is not the client's", "Connection: close\r\n",
            new(200) { Lacks = ["Connection"] }),
    ];

    private static ExchangeRow Gone(string name, string promise, string fields, params string[] gone) =>
        Passed(name, promise, Get(fields), new("GET / HTTP/1.1") { Lacks = [.. gone, "Connection"] });

    private static ExchangeRow Kept(string name, string promise, string fields, string kept) =>
        Passed(name, promise, Get(fields), new("GET / HTTP/1.1") { Has = [kept] });

    private static ExchangeRow Answer(string name, string promise, string fields, ResponseSeen sees) =>
        Answered(name, promise, $"HTTP/1.1 200 OK\r\n{fields}Content-Length: 2\r\n\r\nok", sees with { Body = "ok" });
}
