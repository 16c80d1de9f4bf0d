using MiniLB.Tests.Journeys.Http2.Wire;

namespace MiniLB.Tests.Journeys.Http2.Rows;

/// <summary>Fields of a connection have no place in HTTP/2 (RFC 9113, section 8.2.2).</summary>
internal static class ConnectionFieldRows
{
    public static IEnumerable<Row> All =>
    [
        Refused("connection: close", ("connection", "close")),
        Refused("connection that names a field", ("connection", "x-forwarded-for")),
        Refused("connection: upgrade", ("connection", "Upgrade"), ("upgrade", "websocket")),
        Refused("keep-alive", ("keep-alive", "timeout=5")),
        Refused("proxy-connection", ("proxy-connection", "keep-alive")),
        Refused("upgrade", ("upgrade", "h2c")),
        Refused("te: gzip", ("te", "gzip")),
        Refused("te: trailers and more", ("te", "trailers, gzip")),
        Refused("te: trailers twice, once with more", ("te", "trailers"), ("te", "gzip")),
        RefusedBody("transfer-encoding: chunked", ("transfer-encoding", "chunked")),
        RefusedBody("transfer-encoding: gzip, chunked", ("transfer-encoding", "gzip, chunked")),
        RefusedBody("transfer-encoding beside a length", ("content-length", "3"), ("transfer-encoding", "chunked")),
        new(
            "te: trailers is good and ends here", Outcome.Answer(200, "ok"),
            Arrival.Line("GET /r HTTP/1.1").Without("te", "connection"),
            Frame.Headers(1, Fields.Get("/r", ("te", "trailers")))),
        new(
            "http2-settings ends here", Outcome.Answer(200, "ok") | Outcome.Refused,
            Arrival.Nothing | Arrival.Line("GET /r HTTP/1.1").Without("http2-settings"),
            Frame.Headers(1, Fields.Get("/r", ("http2-settings", "AAMAAABkAAQAAP__")))),
        new(
            "expectation that nobody knows", Outcome.RefusedWith(417, ErrorCode.Protocol), Arrival.Nothing,
            Frame.OpenHeaders(1, Fields.Post("/r", ("expect", "smuggled"))), Frame.Data(1, "abc", end: true)),
    ];

    private static Row Refused(string name, params (string Name, string Value)[] fields) => new(
        name, Outcome.Refused, Arrival.Nothing, Frame.Headers(1, Fields.Get("/r", fields)));

    private static Row RefusedBody(string name, params (string Name, string Value)[] fields) => new(
        name, Outcome.Refused, Arrival.Nothing,
        Frame.OpenHeaders(1, Fields.Post("/r", fields)), Frame.Data(1, "3\r\nabc\r\n0\r\n\r\n", end: true));
}
