using MiniLB.Tests.Journeys.Exchanges.Table;
using static MiniLB.Tests.Journeys.Exchanges.Table.Outcomes;
using static MiniLB.Tests.Journeys.Exchanges.Table.Steps;

namespace MiniLB.Tests.Journeys.Exchanges.Rows;

/// <summary>What the operator's rules make of fields: X-Env and X-Frame-Options are set, X-Tag is added, X-Secret and
/// Server are removed.</summary>
internal static class HeaderRuleRows
{
    public static readonly ExchangeRow[] All =
    [
        Request("set", "a field that is set arrives", "", "X-Env: prod"),
        Request("set-replaces", "a field that is set replaces all lines of its name",
            "X-Env: a\r\nx-env: b\r\n", "X-Env: prod"),
        Request("set-named", "Connection cannot strip what is set", "Connection: X-Env\r\nX-Env: a\r\n", "X-Env: prod"),
        Request("add", "a field that is added comes behind the client's", "X-Tag: a\r\n", "X-Tag: a", "X-Tag: ours"),
        Request("add-named", "Connection cannot strip what is added", "X-Tag: a\r\nConnection: x-tag\r\n",
            "X-Tag: ours"),
        Ruled(Passed("remove", "no line of a field that is removed arrives",
            Get("X-Secret: 1\r\nA: b\r\nx-secret: 2\r\n"),
            new("GET / HTTP/1.1") { Has = ["A: b"], Lacks = ["X-Secret"] })),
        Answer("response-set", "a field that is set in answers replaces the backend's", "X-Frame-Options: ALLOW\r\n"),
        Answer("response-named", "a backend's Connection cannot strip what is set",
            "Connection: X-Frame-Options\r\nX-Frame-Options: ALLOW\r\n"),
        Answer("response-remove", "no line of a field that is removed reaches the client",
            "Server: a\r\nserver: b\r\n"),
        Ruled(Refused("own", "an answer of our own is not changed", 400, Get("A : b\r\n")) with
        {
            Sees = [new(400) { IsOwn = true, Lacks = ["X-Frame-Options"] }],
        }),
    ];

    private static ExchangeRow Request(string name, string promise, string fields, params string[] lines) =>
        Ruled(Passed(name, promise, Get(fields), new("GET / HTTP/1.1") { Lines = lines }));

    private static ExchangeRow Answer(string name, string promise, string fields) => Ruled(Answered(
        name, promise, $"HTTP/1.1 200 OK\r\n{fields}Content-Length: 2\r\n\r\nok",
        new(200) { Body = "ok", Lines = ["X-Frame-Options: DENY"], Lacks = ["Server"] }));

    private static ExchangeRow Ruled(ExchangeRow row) => row with { Bench = BenchKind.Ruled };
}
