using MiniLB.Tests.Journeys.Exchanges.Table;
using static MiniLB.Tests.Journeys.Exchanges.Table.Outcomes;

namespace MiniLB.Tests.Journeys.Exchanges.Rows;

/// <summary>The field Host, and targets in absolute form.</summary>
internal static class HostRows
{
    public static readonly ExchangeRow[] All =
    [
        Refused("no-host", "HTTP/1.1 without Host is refused", 400, "GET / HTTP/1.1\r\nAccept: */*\r\n\r\n"),
        Refused("two-hosts", "two different Host lines are refused", 400,
            "GET / HTTP/1.1\r\nHost: h\r\nHost: evil\r\n\r\n"),
        Refused("host-twice-the-same", "a repeated Host is refused even where both agree", 400,
            "GET / HTTP/1.1\r\nHost: h\r\nHost: h\r\n\r\n"),
        Refused("two-hosts-apart", "a second Host far below the first is refused", 400,
            "GET / HTTP/1.1\r\nHost: h\r\nAccept: */*\r\nhOST: evil\r\n\r\n"),
        Refused("host-list", "two hosts in one line are refused", 400, "GET / HTTP/1.1\r\nHost: h, evil\r\n\r\n"),
        Refused("host-with-blank", "a blank inside Host is refused", 400, "GET / HTTP/1.1\r\nHost: h evil\r\n\r\n"),
        Refused("host-with-path", "a path in Host is refused", 400, "GET / HTTP/1.1\r\nHost: h/evil\r\n\r\n"),
        Refused("host-with-user", "a user in Host is refused", 400, "GET / HTTP/1.1\r\nHost: user@h\r\n\r\n"),
        Refused("host-with-bad-port", "a port that is no number is refused", 400,
            "GET / HTTP/1.1\r\nHost: h:80x\r\n\r\n"),
        Refused("host-with-two-ports", "two ports are refused", 400, "GET / HTTP/1.1\r\nHost: h:80:81\r\n\r\n"),
        Refused("host-with-huge-port", "a port above 65535 is refused", 400,
            "GET / HTTP/1.1\r\nHost: h:65536\r\n\r\n"),
        Refused("host-with-open-bracket", "an address without its closing bracket is refused", 400,
            "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n"),
        Refused("host-with-space-before-colon", "'Host : h' is refused", 400, "GET / HTTP/1.1\r\nHost : h\r\n\r\n"),
        Refused("two-hosts-1-0", "HTTP/1.0 with two Hosts is refused", 400,
            "GET / HTTP/1.0\r\nHost: h\r\nHost: h\r\n\r\n"),
        Passed("host-with-port", "Host arrives with its port", "GET / HTTP/1.1\r\nHost: example.test:8080\r\n\r\n",
            new("GET / HTTP/1.1")
            {
                Has = ["Host: example.test:8080", "X-Forwarded-Host: example.test:8080"],
            }),
        Passed("host-ipv6", "an address in brackets is a host", "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n",
            new("GET / HTTP/1.1") { Has = ["Host: [::1]:80"] }),
        Passed("host-case", "the case of a host is kept", "GET / HTTP/1.1\r\nHost: ExAmple.TEST\r\n\r\n",
            new("GET / HTTP/1.1") { Has = ["Host: ExAmple.TEST"] }),
        Refused("absolute-form-disagrees", "a target that names another host than Host is refused", 400,
            "GET http://evil/ HTTP/1.1\r\nHost: h\r\n\r\n"),
        Refused("absolute-form-other-port", "a target that names another port than Host is refused", 400,
            "GET http://h:8080/ HTTP/1.1\r\nHost: h\r\n\r\n"),
        Refused("absolute-form-without-host", "absolute form does not stand for a missing Host", 400,
            "GET http://h/ HTTP/1.1\r\n\r\n"),
        Refused("absolute-form-with-user", "a user in the target is refused", 400,
            "GET http://user@h/ HTTP/1.1\r\nHost: h\r\n\r\n"),
        Refused("absolute-form-empty-host", "a target without a host is refused", 400,
            "GET http:///x HTTP/1.1\r\nHost: h\r\n\r\n"),
        Refused("absolute-form-other-scheme", "a scheme other than http and https is refused", 400,
            "GET ftp://h/ HTTP/1.1\r\nHost: h\r\n\r\n"),
        Passed("absolute-form", "absolute form that agrees with Host becomes origin form",
            "GET http://h/a//b?c=%20 HTTP/1.1\r\nHost: h\r\n\r\n",
            new("GET /a//b?c=%20 HTTP/1.1") { Has = ["Host: h"] }),
        Passed("absolute-form-without-path", "absolute form without a path asks for /",
            "GET http://h HTTP/1.1\r\nHost: h\r\n\r\n", new("GET / HTTP/1.1") { Has = ["Host: h"] }),
        Passed("absolute-form-only-query", "absolute form with a query alone asks for /?query",
            "GET http://h?x=1 HTTP/1.1\r\nHost: h\r\n\r\n", new("GET /?x=1 HTTP/1.1") { Has = ["Host: h"] }),
        Passed("absolute-form-case", "case does not make scheme and host another",
            "GET HTTP://EXAMPLE.test/a HTTP/1.1\r\nHost: example.TEST\r\n\r\n", new("GET /a HTTP/1.1")),
    ];
}
