using MiniLB.Tests.Journeys.Exchanges.Table;
using static MiniLB.Tests.Journeys.Exchanges.Table.Outcomes;
using static MiniLB.Tests.Journeys.Exchanges.Table.Steps;

namespace MiniLB.Tests.Journeys.Exchanges.Rows;

/// <summary>The field lines of a request.</summary>
internal static class FieldSyntaxRows
{
    public static readonly ExchangeRow[] All =
    [
        Bad("bare-lf", "a field line that ends in LF alone is refused", "X: 1\n"),
        Bad("bare-lf-inside", "a LF inside a value is refused", "X: 1\n2\r\n"),
        Bad("lf-cr", "LF CR ends no line", "X: 1\n\r"),
        Bad("bare-cr", "a CR inside a value is refused", "X: 1\r2\r\n"),
        Bad("cr-before-crlf", "a CR before CRLF is refused", "X: 1\r\r\n"),
        Bad("cr-in-name", "a CR inside a name is refused", "X\rY: 1\r\n"),
        Bad("nul-in-value", "a NUL in a value is refused", "X: a\0b\r\n"),
        Bad("nul-in-name", "a NUL in a name is refused", "X\0Y: 1\r\n"),
        Bad("control-in-value", "a control character in a value is refused", "X: a\u0001b\r\n"),
        Bad("escape-in-value", "an escape character in a value is refused", "X: a\u001bb\r\n"),
        Bad("delete-in-value", "DEL in a value is refused", "X: a\u007fb\r\n"),
        Bad("vertical-tab-in-value", "a vertical tab in a value is refused", "X: a\vb\r\n"),
        Bad("fold-space", "a continuation line is refused", "X: 1\r\n 2\r\n"),
        Bad("fold-tab", "a continuation line with a tab is refused", "X: 1\r\n\t2\r\n"),
        Bad("fold-blank", "a continuation line of blanks alone is refused", "X: 1\r\n \r\n"),
        Bad("space-before-colon", "a blank before the colon is refused", "X : 1\r\n"),
        Bad("tab-before-colon", "a tab before the colon is refused", "X\t: 1\r\n"),
        Bad("empty-name", "an empty name is refused", ": 1\r\n"),
        Bad("no-colon", "a line without a colon is refused", "X\r\n"),
        Bad("space-in-name", "a blank inside a name is refused", "X Y: 1\r\n"),
        Bad("paren-in-name", "a name is a token", "X(Y): 1\r\n"),
        Bad("quote-in-name", "a quote in a name is refused", "X\"Y: 1\r\n"),
        Bad("slash-in-name", "a slash in a name is refused", "X/Y: 1\r\n"),
        Bad("bracket-in-name", "a bracket in a name is refused", "X[Y]: 1\r\n"),
        Bad("above-ascii-in-name", "a name is ASCII", "X\u00e9: 1\r\n"),
        Bad("control-in-name", "a control character in a name is refused", "X\u0002: 1\r\n"),
        Refused("first-line-folded", "a blank before the first field is refused", 400,
            "GET / HTTP/1.1\r\n Host: h\r\n\r\n"),
        Refused("empty-line-lf", "a head that ends in LF alone is refused", 400, "GET / HTTP/1.1\r\nHost: h\r\n\n"),
        Refused("all-lf", "a request with LF alone is refused", 400, "GET / HTTP/1.1\nHost: h\n\n"),
        Refused("empty-line-cr", "a head that ends in a bare CR is refused", 400,
            "GET / HTTP/1.1\r\nHost: h\r\n\rX\r\n\r\n"),
        Refused("request-inside-value", "a request behind a bare LF in a value is refused", 400,
            Get("X: 1\n\nGET /smuggled HTTP/1.1\nHost: h\n\n")),
        Passed("tab-in-value", "a tab inside a value is kept", Get("X: a\tb\r\n"),
            new("GET / HTTP/1.1") { Has = ["X: a\tb"] }),
        Passed("blanks-around-value", "blanks around a value do not count", Get("X: \t a b \t\r\n"),
            new("GET / HTTP/1.1") { Has = ["X: a b"] }),
        Passed("no-blank", "no blank after the colon is needed", Get("X:1\r\n"),
            new("GET / HTTP/1.1") { Has = ["X: 1"] }),
        Passed("colon-in-value", "a colon in a value is kept", Get("X: :a:b:\r\n"),
            new("GET / HTTP/1.1") { Has = ["X: :a:b:"] }),
        Passed("empty-value", "an empty value is passed on", Get("X-Empty:\r\nX-Blank:   \r\n"),
            new("GET / HTTP/1.1") { Lines = ["X-Empty:", "X-Blank:"] }),
        Passed("high-bytes", "bytes above ASCII are passed on as they are", Get("X: caf\u00e9\u00ff\u0080\r\n"),
            new("GET / HTTP/1.1") { Has = ["X: caf\u00e9\u00ff\u0080"] }),
        Passed("utf-8", "UTF-8 is passed on as it is", Get("X: \u00e2\u0082\u00ac\r\n"),
            new("GET / HTTP/1.1") { Has = ["X: \u00e2\u0082\u00ac"] }),
        Passed("token-name", "every character of a token may be in a name", Get("!#$%&'*+-.^_`|~9Az: 1\r\n"),
            new("GET / HTTP/1.1") { Has = ["!#$%&'*+-.^_`|~9Az: 1"] }),
        Passed("long-value", "a value of 20,000 bytes arrives", Get($"X: {new string('x', 20_000)}\r\n"),
            new("GET / HTTP/1.1") { Has = [$"X: {new string('x', 20_000)}"] }),
    ];

    private static ExchangeRow Bad(string name, string promise, string fields) =>
        Refused(name, promise, 400, Get(fields));
}
