using MiniLB.Tests.Journeys.Http2.Wire;

namespace MiniLB.Tests.Journeys.Http2.Rows;

/// <summary>The path is the backend's target byte for byte, or refused.</summary>
internal static class PathRows
{
    public static IEnumerable<Row> All =>
    [
        Refused("path that is empty", ""),
        Refused("path without a slash", "smuggled"),
        Refused("path that is a URL", "http://smuggled.test/"),
        Refused("path that is a query", "?smuggled"),
        Refused("path that is an asterisk, of a GET", "*"),
        Refused("path with a blank inside", "/r /smuggled"),
        Refused("path with a blank before", " /smuggled"),
        Refused("path with a blank behind", "/smuggled "),
        Refused("path with a tab", "/r\tsmuggled"),
        Refused("path with CR", "/r\rsmuggled"),
        Refused("path with LF", "/r\nsmuggled"),
        Refused("path with NUL", "/r\0smuggled"),
        Refused("path with a control character", "/r\u0001smuggled"),
        Refused("path with DEL", "/r\u007fsmuggled"),
        Refused("path with a byte above ASCII", "/r\u00e9smuggled"),
        Refused("path with a fragment", "/r#smuggled"),
        Refused("path that injects a version", "/r HTTP/1.0"),
        Refused("path that injects a line", "/r HTTP/1.1\r\nsmuggled: 1\r\nx: y"),
        Refused("path that injects a request", "/r HTTP/1.1\r\nhost: h\r\n\r\nGET /smuggled"),
        Refused("query with a blank", "/r?a smuggled"),
        Refused("query with CRLF", "/r?a\r\nsmuggled: 1"),
        Passed("path with a query", "/r?a=b&c=%20"),
        Passed("path that looks like an authority", "//other.test/r"),
        Passed("path with dot segments", "/a/../r/./b"),
        Passed("path with escapes", "/%2e%2E/%2f%41%zz"),
        Passed("path with signs", "/r;a=b,c!$'()*+:@<>\"[]\\^`{|}~"),
        new("asterisk of OPTIONS is answered here", Outcome.Answer(204), Arrival.Nothing,
            Frame.Headers(1, Fields.Request("OPTIONS", "*"))),
        new("path too long", Outcome.RefusedWith(414, ErrorCode.Protocol), Arrival.Nothing,
            Frame.Headers(1, Fields.Get("/" + new string('s', 9000)))),
    ];

    private static Row Refused(string name, string path) =>
        new(name, Outcome.Refused, Arrival.Nothing, Frame.Headers(1, Fields.Get(path)));

    private static Row Passed(string name, string path) => new(
        name, Outcome.Answer(200, "ok"), Arrival.Line($"GET {path} HTTP/1.1"), Frame.Headers(1, Fields.Get(path)));
}
