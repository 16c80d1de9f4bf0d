using MiniLB.Tests.Journeys.Exchanges.Table;
using static MiniLB.Tests.Journeys.Exchanges.Table.Outcomes;
using static MiniLB.Tests.Journeys.Exchanges.Table.Steps;

namespace MiniLB.Tests.Journeys.Exchanges.Rows;

/// <summary>Status lines and field lines of a response.</summary>
internal static class ResponseSyntaxRows
{
    private const string Rest = "\r\nContent-Length: 2\r\n\r\nok";

    public static readonly ExchangeRow[] All =
    [
        Line("garbage", "a line that is no status line gives 502", "garbage"),
        Line("empty-line-first", "an empty line before the status line gives 502", "\r\nHTTP/1.1 200 OK"),
        Line("no-version", "a status without a version gives 502", "200 OK"),
        Line("version-lower-case", "http/1.1 gives 502", "http/1.1 200 OK"),
        Line("version-2", "HTTP/2 gives 502", "HTTP/2 200 OK"),
        Line("version-2-0", "HTTP/2.0 gives 502", "HTTP/2.0 200 OK"),
        Line("version-0-9", "HTTP/0.9 gives 502", "HTTP/0.9 200 OK"),
        Line("version-icy", "another protocol's version gives 502", "ICY 200 OK"),
        Line("version-glued", "a status glued to its version gives 502", "HTTP/1.1200 OK"),
        Line("two-spaces", "two blanks before the status give 502", "HTTP/1.1  200 OK"),
        Line("tab", "a tab before the status gives 502", "HTTP/1.1\t200 OK"),
        Line("status-two-digits", "a status of two digits gives 502", "HTTP/1.1 20 OK"),
        Line("status-four-digits", "a status of four digits gives 502", "HTTP/1.1 2000 OK"),
        Line("status-letters", "a status of letters gives 502", "HTTP/1.1 abc OK"),
        Line("status-plus", "a signed status gives 502", "HTTP/1.1 +20 OK"),
        Line("status-zero", "status 000 gives 502", "HTTP/1.1 000 OK"),
        Line("status-099", "status 099 gives 502", "HTTP/1.1 099 OK"),
        Line("status-missing", "a line without a status gives 502", "HTTP/1.1"),
        Line("reason-nul", "a NUL in the reason gives 502", "HTTP/1.1 200 O\0K"),
        Line("reason-control", "a control character in the reason gives 502", "HTTP/1.1 200 O\u0001K"),
        Line("reason-bare-cr", "a CR in the reason gives 502", "HTTP/1.1 200 O\rK"),
        Fields("bare-lf", "a field line that ends in LF alone gives 502", "X: 1\n"),
        Fields("bare-cr", "a CR inside a value gives 502", "X: 1\r2\r\n"),
        Fields("folded", "a continuation line gives 502", "X: 1\r\n 2\r\n"),
        Fields("folded-first", "a blank before the first field gives 502", " X: 1\r\n"),
        Fields("nul", "a NUL in a value gives 502", "X: a\0b\r\n"),
        Fields("control", "a control character in a value gives 502", "X: a\u0001b\r\n"),
        Fields("delete", "DEL in a value gives 502", "X: a\u007fb\r\n"),
        Fields("space-before-colon", "a blank before the colon gives 502", "X : 1\r\n"),
        Fields("no-colon", "a line without a colon gives 502", "X\r\n"),
        Fields("empty-name", "an empty name gives 502", ": 1\r\n"),
        Fields("bad-name", "a name that is no token gives 502", "X(Y): 1\r\n"),
        Nonsense("status-line-lf", "a status line that ends in LF alone gives 502",
            "HTTP/1.1 200 OK\nContent-Length: 2\r\n\r\nok"),
        Nonsense("all-lf", "a response with LF alone gives 502", "HTTP/1.1 200 OK\nContent-Length: 2\n\nok"),
        Nonsense("http-0-9", "a body without a head gives 502", "<html>\r\n\r\n</html>"),
        Nonsense("unasked-101", "a 101 that nobody asked for gives 502",
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n"),
        Ends("no-answer", "a connection that ends without an answer gives 502", Close),
        Ends("no-answer-reset", "a connection that is reset without an answer gives 502", Reset),
        Ends("head-cut", "a head that breaks off gives 502", "HTTP/1.1 200 OK\r\nContent-Le", Close),
        Ends("head-cut-reset", "a head that is reset gives 502", "HTTP/1.1 200 OK\r\nContent-Le", Reset),
        Ends("head-without-empty-line", "a head without its empty line gives 502",
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n", Close),
        Good("reason", "the reason is passed on", "HTTP/1.1 200 Fine indeed"),
        Good("reason-empty", "an empty reason is allowed", "HTTP/1.1 200 "),
        Good("reason-high-bytes", "bytes above ASCII in a reason are passed on", "HTTP/1.1 200 \u00dcber"),
        Answered("reason-missing", "a status line may end behind its status", "HTTP/1.1 200" + Rest,
            new(200) { Body = "ok" }),
        Answered("status-unknown", "a status that nobody knows is passed on", "HTTP/1.1 799 Odd" + Rest,
            new(799) { Body = "ok", Line = "HTTP/1.1 799 Odd" }),
        Answered("status-999", "999 is the last status", "HTTP/1.1 999 Last" + Rest, new(999) { Body = "ok" }),
        Answered("in-1-0", "an answer in HTTP/1.0 is passed on in HTTP/1.1", "HTTP/1.0 200 OK" + Rest,
            new(200) { Body = "ok", Line = "HTTP/1.1 200 OK" }),
        Answered("blanks", "blanks around values do not count",
            "HTTP/1.1 200 OK\r\nX: \t a b \t\r\nY:1\r\nContent-Length:2\r\n\r\nok",
            new(200) { Body = "ok", Has = ["X: a b", "Y: 1"] }),
        new("in-pieces", "a response is read however it is cut")
        {
            Sends = [Get()],
            Backend = Answers(Drip("HTTP/1.1 200 OK\r\nX: 1\r\nContent-Length: 2\r\n\r\nok")),
            Sees = [new(200) { Body = "ok", Has = ["X: 1"] }],
            Reaches = [new("GET / HTTP/1.1")],
        },
    ];

    private static ExchangeRow Line(string name, string promise, string line) => Nonsense(name, promise, line + Rest);

    private static ExchangeRow Fields(string name, string promise, string fields) =>
        Nonsense("field-" + name, promise, $"HTTP/1.1 200 OK\r\n{fields}Content-Length: 2\r\n\r\nok");

    private static ExchangeRow Good(string name, string promise, string line) =>
        Answered(name, promise, line + Rest, new(200) { Body = "ok", Line = line });

    private static ExchangeRow Ends(string name, string promise, params Step[] answer) =>
        Nonsense(name, promise, "") with { Backend = [[Body, .. answer]], OnFreshConnections = true };
}
