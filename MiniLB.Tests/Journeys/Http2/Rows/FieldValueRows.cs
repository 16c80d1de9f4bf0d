using MiniLB.Tests.Journeys.Http2.Wire;

namespace MiniLB.Tests.Journeys.Http2.Rows;

/// <summary>Values of request fields arrive byte for byte, or are refused.</summary>
internal static class FieldValueRows
{
    public static IEnumerable<Row> All =>
    [
        Refused("value with CR", "1\rsmuggled: 1"),
        Refused("value with LF", "1\nsmuggled: 1"),
        Refused("value with NUL", "1\0smuggled"),
        Refused("value that injects a line", "1\r\nsmuggled: 1"),
        Refused("value that injects a request", "1\r\n\r\nGET /smuggled HTTP/1.1\r\nhost: h\r\n\r\n"),
        Refused("value that ends with CRLF", "smuggled\r\n"),
        Refused("value that folds a line", "1\r\n smuggled"),
        Refused("value with a blank before", " smuggled"),
        Refused("value with a blank behind", "smuggled "),
        Refused("value with a tab before", "\tsmuggled"),
        Refused("value with a tab behind", "smuggled\t"),
        Refused("value with a control character", "1\u0001smuggled"),
        Refused("value with DEL", "1\u007fsmuggled"),
        Passed("value with blanks and tabs inside", "a  b\tc"),
        Passed("value with bytes above ASCII", "caf\u00e9 \u0080\u00ff"),
        Passed("value that is empty", ""),
        Passed("value with all kinds of signs", "\"a\\\"b\", <c>;d=(e)[f]{g}@h:i/j?k=l"),
        new(
            "fields of one name keep their order", Outcome.Answer(200, "ok"),
            Arrival.Line("GET /r HTTP/1.1").Having("x-a", "1", "2", "3")
                | Arrival.Line("GET /r HTTP/1.1").Having("x-a", "1, 2, 3"),
            Frame.Headers(1, Fields.Get("/r", ("x-a", "1"), ("x-b", "b"), ("x-a", "2"), ("x-a", "3")))),
        new(
            "cookie crumbs become one line", Outcome.Answer(200, "ok"),
            Arrival.Line("GET /r HTTP/1.1").Having("cookie", "a=1; b=2; c=3"),
            Frame.Headers(1, Fields.Get("/r", ("cookie", "a=1"), ("x-b", "b"), ("cookie", "b=2"), ("cookie", "c=3")))),
        new(
            "what a client says of itself is not believed", Outcome.Answer(200, "ok"),
            Arrival.Line("GET /r HTTP/1.1").Having("x-forwarded-for", "127.0.0.1").Having("x-forwarded-proto", "http")
                .Without("forwarded", "x-real-ip", "x_forwarded_for"),
            Frame.Headers(1, Fields.Get(
                "/r", ("x-forwarded-for", "6.6.6.6"), ("x-forwarded-proto", "https"), ("forwarded", "for=6.6.6.6"),
                ("x-real-ip", "6.6.6.6"), ("x_forwarded_for", "6.6.6.6")))),
    ];

    private static Row Refused(string name, string value) => new(
        name, Outcome.Refused, Arrival.Nothing, Frame.Headers(1, Fields.Get("/r", ("x-a", value))));

    private static Row Passed(string name, string value) => new(
        name, Outcome.Answer(200, "ok"), Arrival.Line("GET /r HTTP/1.1").Having("x-a", value),
        Frame.Headers(1, Fields.Get("/r", ("x-a", value))));
}
