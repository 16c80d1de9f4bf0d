using MiniLB.Tests.Journeys.Http2.Wire;

namespace MiniLB.Tests.Journeys.Http2.Rows;

/// <summary>The backend gets one valid Host that is what the client asked for.</summary>
internal static class AuthorityRows
{
    private static readonly Arrival OneHost = Arrival.Line("GET /r HTTP/1.1").Having("host", "row.test");

    public static IEnumerable<Row> All =>
    [
        Passed("authority alone", (":authority", "row.test")),
        Passed("authority and an equal host", (":authority", "row.test"), ("host", "row.test")),
        Passed("host alone", ("host", "row.test")),
        Passed("authority with a port", "row.test:8080"),
        Passed("authority that is an IPv6 address", "[::1]:8080"),
        new("authority that disagrees with host", Outcome.Refused | Outcome.Answer(200, "ok"),
            Arrival.Nothing | OneHost, Frame.Headers(1, Get((":authority", "row.test"), ("host", "smuggled.test")))),
        new("empty authority beside a host", Outcome.Refused | Outcome.Answer(200, "ok"),
            Arrival.Nothing | OneHost, Frame.Headers(1, Get((":authority", ""), ("host", "row.test")))),
        Refused("neither authority nor host"),
        Refused("two hosts", ("host", "row.test"), ("host", "smuggled.test")),
        Refused("two equal hosts", ("host", "row.test"), ("host", "row.test")),
        new("two hosts beside an authority", Outcome.Refused | Outcome.Answer(200, "ok"), Arrival.Nothing | OneHost,
            Frame.Headers(1, Get((":authority", "row.test"), ("host", "row.test"), ("host", "smuggled.test")))),
        Refused("host that is empty", ("host", "")),
        Refused("host with a path", ("host", "row.test/smuggled")),
        Refused("host that is a list", ("host", "row.test, smuggled.test")),
        RefusedAuthority("authority with user information", "user@row.test"),
        RefusedAuthority("authority with a password", "user:smuggled@row.test"),
        RefusedAuthority("authority with letters for a port", "row.test:smuggled"),
        RefusedAuthority("authority with a sign in its port", "row.test:+80"),
        RefusedAuthority("authority with a path", "row.test/smuggled"),
        RefusedAuthority("authority with a query", "row.test?smuggled"),
        RefusedAuthority("authority with a fragment", "row.test#smuggled"),
        RefusedAuthority("authority with a backslash", "row.test\\smuggled"),
        RefusedAuthority("authority that is a list", "row.test,smuggled.test"),
        RefusedAuthority("authority with an open bracket", "[::1"),
        RefusedAuthority("authority with a blank inside", "row.test smuggled"),
        RefusedAuthority("authority with a blank before", " row.test"),
        RefusedAuthority("authority with a blank behind", "row.test "),
        RefusedAuthority("authority with a tab", "row.test\tsmuggled"),
        RefusedAuthority("authority with CR", "row.test\rsmuggled"),
        RefusedAuthority("authority with LF", "row.test\nsmuggled"),
        RefusedAuthority("authority with NUL", "row.test\0smuggled"),
        RefusedAuthority("authority that injects a line", "row.test\r\nsmuggled: 1"),
        RefusedAuthority(
            "authority that injects a request", "row.test\r\n\r\nGET /smuggled HTTP/1.1\r\nhost: row.test"),
    ];

    private static Row Passed(string name, params (string Name, string Value)[] more) => new(
        name, Outcome.Answer(200, "ok"), OneHost.Having("x-forwarded-host", "row.test"), Frame.Headers(1, Get(more)));

    private static Row Passed(string name, string authority) => new(
        name, Outcome.Answer(200, "ok"), Arrival.Line("GET /r HTTP/1.1").Having("host", authority),
        Frame.Headers(1, Get((":authority", authority))));

    private static Row Refused(string name, params (string Name, string Value)[] more) =>
        new(name, Outcome.Refused, Arrival.Nothing, Frame.Headers(1, Get(more)));

    private static Row RefusedAuthority(string name, string authority) => Refused(name, (":authority", authority));

    private static (string Name, string Value)[] Get(params (string Name, string Value)[] more) =>
        [(":method", "GET"), (":scheme", "http"), (":path", "/r"), .. more];
}
