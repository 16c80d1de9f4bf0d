using MiniLB.Tests.Journeys.Http2.Wire;

namespace MiniLB.Tests.Journeys.Http2.Rows;

/// <summary>Each pseudo-field exactly once, before all others, and none that is unknown (RFC 9113, section
/// 8.3).</summary>
internal static class PseudoFieldRows
{
    private static readonly (string Name, string Value) Method = (":method", "GET");
    private static readonly (string Name, string Value) Scheme = (":scheme", "http");
    private static readonly (string Name, string Value) Authority = (":authority", "row.test");
    private static readonly (string Name, string Value) Path = (":path", "/r");

    public static IEnumerable<Row> All =>
    [
        Refused("method twice", Method, (":method", "POST"), Scheme, Authority, Path),
        Refused("scheme twice", Method, Scheme, Scheme, Authority, Path),
        Refused("authority twice", Method, Scheme, Authority, (":authority", "smuggled.test"), Path),
        Refused("path twice", Method, Scheme, Authority, Path, (":path", "/smuggled")),
        Refused("no method", Scheme, Authority, Path),
        Refused("no scheme", Method, Authority, Path),
        Refused("no path", Method, Scheme, Authority),
        Refused("no field at all"),
        Refused("method that is empty", (":method", ""), Scheme, Authority, Path),
        Refused("scheme that is empty", Method, (":scheme", ""), Authority, Path),
        Refused("pseudo-field that is unknown", Method, Scheme, Authority, Path, (":smuggled", "1")),
        Refused("pseudo-field of a response", Method, Scheme, Authority, Path, (":status", "200")),
        Refused("pseudo-field without a name", Method, Scheme, Authority, Path, (":", "smuggled")),
        Refused("pseudo-field in upper case", Method, Scheme, Authority, (":Path", "/smuggled")),
        Refused("path after a field", Method, Scheme, Authority, ("x-a", "1"), Path),
        Refused("method after a field", Scheme, Authority, Path, ("x-a", "1"), Method),
        Refused("authority after a field", Method, Scheme, Path, ("x-a", "1"), Authority),
        Refused("second path after a field", Method, Scheme, Authority, Path, ("x-a", "1"), (":path", "/smuggled")),
        Refused("protocol without CONNECT", Method, (":protocol", "websocket"), Scheme, Authority, Path),
        Refused("scheme that is none of ours", Method, (":scheme", "ftp"), Authority, Path),
        Refused("scheme with a blank", Method, (":scheme", "http smuggled"), Authority, Path),
        Refused("scheme with CRLF", Method, (":scheme", "http\r\nsmuggled: 1"), Authority, Path),
        Refused("scheme with NUL", Method, (":scheme", "http\0"), Authority, Path),
        Refused("scheme that is a URL", Method, (":scheme", "http://smuggled/?"), Authority, Path),
        new("scheme https on a cleartext connection", Outcome.Refused | Outcome.Answer(200, "ok"),
            Arrival.Nothing | Arrival.Line("GET /r HTTP/1.1").Having("x-forwarded-proto", "http"),
            Frame.Headers(1, Method, (":scheme", "https"), Authority, Path)),
        new("pseudo-fields in another order", Outcome.Answer(200, "ok"),
            Arrival.Line("GET /r HTTP/1.1").Having("host", "row.test"),
            Frame.Headers(1, Path, Authority, Scheme, Method)),
    ];

    private static Row Refused(string name, params (string Name, string Value)[] fields) =>
        new(name, Outcome.Refused, Arrival.Nothing, Frame.Headers(1, fields));
}
