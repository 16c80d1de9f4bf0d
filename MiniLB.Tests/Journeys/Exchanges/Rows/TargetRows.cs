using MiniLB.Tests.Journeys.Exchanges.Table;
using static MiniLB.Tests.Journeys.Exchanges.Table.Outcomes;
using static MiniLB.Tests.Journeys.Exchanges.Table.Steps;

namespace MiniLB.Tests.Journeys.Exchanges.Rows;

/// <summary>The target of a request, and the methods that MiniLB answers itself.</summary>
internal static class TargetRows
{
    public static readonly ExchangeRow[] All =
    [
        Bad("fragment", "a fragment is refused", "/a#b"),
        Bad("fragment-first", "a target that begins with # is refused", "#/a"),
        Bad("above-ascii", "a byte above ASCII is refused", "/caf\u00e9"),
        Bad("nul", "a NUL is refused", "/a\0b"),
        Bad("control", "a control character is refused", "/a\u0001b"),
        Bad("delete", "a DEL in a target is refused", "/a\u007f"),
        Bad("tab", "a tab is refused", "/a\tb"),
        Bad("space", "a blank is refused", "/a b"),
        Bad("bare-cr", "a CR is refused", "/a\rb"),
        Bad("empty", "an empty target is refused", ""),
        Bad("no-slash", "a path without its slash is refused", "index.html"),
        Bad("backslash-first", "a target that begins with a backslash is refused", "\\evil"),
        Bad("query-only", "a query without a path is refused", "?a=b"),
        Bad("authority", "an authority is no target of GET", "h:80"),
        Bad("asterisk-get", "GET * is refused", "*"),
        Bad("asterisk-more", "an asterisk with a path is refused", "*/a"),
        Bad("at-host", "a target that begins with @ is refused", "@evil/"),
        Same("dot-segments", "dot segments are not resolved", "/a/../b/./c"),
        Same("encoded-dots", "escapes are not decoded", "//a/%2e%2e/b?x=%20"),
        Same("encoded-nul", "an escaped NUL stays escaped", "/a%00b%0d%0aX:%201"),
        Same("bad-escape", "an escape that is none is passed on", "/%zz%"),
        Same("empty-query", "an empty query is kept", "/?"),
        Same("question-marks", "further question marks are kept", "/a?b?c=/../d"),
        Same("other-host-in-path", "a path with two slashes in front stays a path", "//evil.test/a"),
        Same("all-characters", "every visible character but # may be in a target",
            "/!\"$%&'()*+,-./0:;<=>?@A[\\]^_`a{|}~"),
        Same("url-in-query", "a URL in the query stays there", "/?u=http://evil/a%23b"),
        Same("long", "a target of 8,000 bytes arrives", "/" + new string('a', 7999)),
        new("asterisk-options", "OPTIONS * is answered by MiniLB")
        {
            Sends = ["OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n"],
            Sees = [new(204)],
        },
        Refused("connect", "CONNECT is not served", 405, "CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\n\r\n"),
        Refused("connect-then-tunnel", "what follows a CONNECT is not read", 405,
            "CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\n\r\n" + Get(target: "/smuggled")),
        new("trace", "TRACE is not served")
        {
            Sends = ["TRACE / HTTP/1.1\r\nHost: h\r\nCookie: secret\r\n\r\n"],
            Sees = [Own(405) with { Has = ["Allow"] }],
        },
    ];

    private static ExchangeRow Bad(string name, string promise, string target) =>
        Refused(name, promise, 400, Get(target: target));

    private static ExchangeRow Same(string name, string promise, string target) =>
        Passed(name, promise, Get(target: target), new($"GET {target} HTTP/1.1"));
}
