using MiniLB.Tests.Journeys.Exchanges.Table;
using static MiniLB.Tests.Journeys.Exchanges.Table.Outcomes;
using static MiniLB.Tests.Journeys.Exchanges.Table.Steps;

namespace MiniLB.Tests.Journeys.Exchanges.Rows;

/// <summary>Method, version and blanks of the request line.</summary>
internal static class RequestLineRows
{
    public static readonly ExchangeRow[] All =
    [
        Bad("two-spaces-before-target", "two blanks before the target are refused", "GET  / HTTP/1.1"),
        Bad("two-spaces-before-version", "two blanks before the version are refused", "GET /  HTTP/1.1"),
        Bad("tabs", "tabs are no blanks", "GET\t/\tHTTP/1.1"),
        Bad("form-feed", "a form feed is no blank", "GET\f/ HTTP/1.1"),
        Bad("space-first", "a blank before the method is refused", " GET / HTTP/1.1"),
        Bad("space-last", "a blank behind the version is refused", "GET / HTTP/1.1 "),
        Bad("word-last", "a word behind the version is refused", "GET / HTTP/1.1 x"),
        Bad("no-method", "a line without a method is refused", "/ HTTP/1.1"),
        Bad("empty-method", "an empty method is refused", " / HTTP/1.1"),
        Bad("method-with-paren", "a method is a token", "GE(T / HTTP/1.1"),
        Bad("method-with-colon", "a field line in place of a request line is refused", "Host: h"),
        Bad("method-with-nul", "a NUL in the method is refused", "GET\0 / HTTP/1.1"),
        Bad("method-above-ascii", "a method is ASCII", "G\u00c9T / HTTP/1.1"),
        Bad("method-with-control", "a control character in the method is refused", "GE\u0001T / HTTP/1.1"),
        Bad("version-lower-case", "http/1.1 is no version", "GET / http/1.1"),
        Bad("version-misspelt", "HTP/1.1 is no version", "GET / HTP/1.1"),
        Bad("version-two-digits", "HTTP/1.10 is no version", "GET / HTTP/1.10"),
        Bad("version-leading-zero", "HTTP/01.1 is no version", "GET / HTTP/01.1"),
        Bad("version-comma", "HTTP/1,1 is no version", "GET / HTTP/1,1"),
        Bad("version-cut", "HTTP/1 is no version", "GET / HTTP/1"),
        Bad("version-letter", "HTTP/1.x is no version", "GET / HTTP/1.x"),
        Bad("version-sign", "HTTP/1.-1 is no version", "GET / HTTP/1.-1"),
        Bad("bare-cr", "a bare CR is no blank", "GET\r/ HTTP/1.1"),
        Bad("bare-cr-last", "a CR before CRLF is refused", "GET / HTTP/1.1\r"),
        Refused("http-0-9", "a line without a version is refused", 400, "GET /\r\n"),
        Refused("http-0-9-with-fields", "a line without a version is refused with fields too", 400,
            "GET /\r\nHost: h\r\n\r\n"),
        Refused("version-2-0", "HTTP/2.0 is another protocol", 505, "GET / HTTP/2.0\r\nHost: h\r\n\r\n"),
        Refused("version-3-0", "HTTP/3.0 is another protocol", 505, "GET / HTTP/3.0\r\nHost: h\r\n\r\n"),
        Refused("bare-lf", "a request line that ends in LF alone is refused", 400, "GET / HTTP/1.1\nHost: h\r\n\r\n"),
        Refused("lf-first", "an empty line that is LF alone is refused", 400, "\nGET / HTTP/1.1\r\nHost: h\r\n\r\n"),
        Refused("cr-first", "a CR before the method is refused", 400, "\rGET / HTTP/1.1\r\nHost: h\r\n\r\n"),
        Refused("many-empty-lines", "empty lines without end are refused", 400,
            string.Concat(Enumerable.Repeat("\r\n", 2000)) + Get()),
        Refused("tls-hello", "a TLS hello on a cleartext port is refused", 400,
            "\u0016\u0003\u0001\u0000\u0050\u0001\u0000\u0000\u004c\u0003\u0003\r\n\r\n"),
        Refused("binary", "bytes that are no HTTP are refused", 400, "\u0000\u00ff\u00fe\u0001\r\n\r\n"),
        Refused("behind-a-good-one", "a line that is no request is refused behind an answered request too", 400,
            "GARBAGE\r\n\r\n") with
        {
            Sends = [Get() + "GARBAGE\r\n\r\n" + Get(target: "/smuggled")],
            Backend = SaysOk,
            Sees = [new(200) { Body = "ok" }, Own(400)],
            Reaches = [new("GET / HTTP/1.1")],
        },
        Passed("one-empty-line", "an empty line before the request is skipped", "\r\n" + Get(),
            new("GET / HTTP/1.1")),
        Passed("three-empty-lines", "a few empty lines before the request are skipped", "\r\n\r\n\r\n" + Get(),
            new("GET / HTTP/1.1")),
        Passed("version-1-2", "HTTP/1.2 is read as HTTP/1.1", "GET / HTTP/1.2\r\nHost: h\r\n\r\n",
            new("GET / HTTP/1.1")),
        new("version-1-0", "HTTP/1.0 is served, and its connection closed")
        {
            Sends = ["GET / HTTP/1.0\r\nHost: h\r\n\r\n"],
            Then = Then.Ends,
            Reaches = [new("GET / HTTP/1.1") { Has = ["Via: 1.0 minilb"] }],
        },
        new("version-1-0-without-host", "HTTP/1.0 needs no Host")
        {
            Sends = ["GET /x HTTP/1.0\r\n\r\n"],
            Then = Then.Ends,
            Reaches = [new("GET /x HTTP/1.1") { Has = ["Host"], Lacks = ["X-Forwarded-Host"] }],
        },
        new("byte-by-byte", "a head is read however it is cut")
        {
            Sends = [Drip(Get("X-One: 1\r\n"))],
            Reaches = [new("GET / HTTP/1.1") { Has = ["X-One: 1"] }],
        },
    ];

    private static ExchangeRow Bad(string name, string promise, string line) =>
        Refused(name, promise, 400, line + "\r\nHost: h\r\n\r\n");
}
