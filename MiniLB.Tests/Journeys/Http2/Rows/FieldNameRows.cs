using MiniLB.Tests.Journeys.Http2.Wire;

namespace MiniLB.Tests.Journeys.Http2.Rows;

/// <summary>Names of request fields: what is no lower-case token is refused (RFC 9113, section 8.2.1).</summary>
internal static class FieldNameRows
{
    public static IEnumerable<Row> All =>
    [
        Refused("name with CR", "x\rsmuggled"),
        Refused("name with LF", "x\nsmuggled"),
        Refused("name with NUL", "x\0smuggled"),
        Refused("name that injects a line", "x: 1\r\nsmuggled"),
        Refused("name that injects a request", "x: 1\r\n\r\nGET /smuggled HTTP/1.1\r\nhost: h\r\nx"),
        Refused("name with a blank inside", "x y"),
        Refused("name with a blank before", " smuggled"),
        Refused("name with a blank behind", "smuggled "),
        Refused("name with a tab", "x\ty"),
        Refused("name with a colon", "x:smuggled"),
        Refused("name with DEL", "x\u007f"),
        Refused("name with a byte above ASCII", "x\u00e9"),
        Refused("name with a separator", "x(y)"),
        Refused("name with upper-case letters", "X-Smuggled"),
        Refused("name with one upper-case letter", "x-smuggleD"),
        new("name that is empty", Outcome.Refused | Outcome.ConnectionError(ErrorCode.Compression), Arrival.Nothing,
            Frame.Headers(1, Fields.Get("/r", ("", "1")))),
        new(
            "name of all token characters", Outcome.Answer(200, "ok"),
            Arrival.Line("GET /r HTTP/1.1").Having("!#$%&'*+-.^_`|~0az", "1"),
            Frame.Headers(1, Fields.Get("/r", ("!#$%&'*+-.^_`|~0az", "1")))),
    ];

    private static Row Refused(string name, string field) => new(
        name, Outcome.Refused, Arrival.Nothing, Frame.Headers(1, Fields.Get("/r", (field, "1"))));
}
