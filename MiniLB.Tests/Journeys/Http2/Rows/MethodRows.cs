using MiniLB.Tests.Journeys.Http2.Wire;

namespace MiniLB.Tests.Journeys.Http2.Rows;

/// <summary>The method is a token and arrives as it was sent, or is refused.</summary>
internal static class MethodRows
{
    public static IEnumerable<Row> All =>
    [
        Refused("method with a blank inside", "GE T"),
        Refused("method with a blank before", " GET"),
        Refused("method with a blank behind", "GET "),
        Refused("method with a tab", "GET\t"),
        Refused("method with CR", "GET\rsmuggled"),
        Refused("method with LF", "GET\nsmuggled"),
        Refused("method with NUL", "GET\0"),
        Refused("method with a separator", "G(T)"),
        Refused("method with a colon", "GET:"),
        Refused("method with a byte above ASCII", "G\u00c9T"),
        Refused("method that injects a target", "GET /smuggled HTTP/1.1\r\nx:"),
        Refused("method that injects a request", "GET /smuggled HTTP/1.1\r\nhost: h\r\n\r\nGET"),
        Passed("method in lower case", "get"),
        Passed("method that nobody knows", "M-SEARCH"),
        Passed("method of signs", "!#$%&'*+-.^_`|~0"),
        Passed("DELETE", "DELETE"),
        Passed("OPTIONS of a path", "OPTIONS"),
        new("TRACE is not passed on", Outcome.Answer(405), Arrival.Nothing,
            Frame.Headers(1, Fields.Request("TRACE", "/r"))),
        new("CONNECT is not passed on", Outcome.RefusedWith(405, ErrorCode.Protocol, ErrorCode.Connect),
            Arrival.Nothing,
            Frame.OpenHeaders(1, (":method", "CONNECT"), (":authority", "smuggled.test:443"))),
        new("CONNECT with a path is malformed", Outcome.RefusedWith(405, ErrorCode.Protocol) | Outcome.Refused,
            Arrival.Nothing, Frame.OpenHeaders(1, Fields.Request("CONNECT", "/r"))),
    ];

    private static Row Refused(string name, string method) =>
        new(name, Outcome.Refused, Arrival.Nothing, Frame.Headers(1, Fields.Request(method, "/r")));

    private static Row Passed(string name, string method) => new(
        name, Outcome.Answer(200, "ok"), Arrival.Line($"{method} /r HTTP/1.1"),
        Frame.Headers(1, Fields.Request(method, "/r")));
}
