namespace MiniLB.Tests.Fuzzing.Grammar;

/// <summary>The words that messages are made of, good and bad.</summary>
internal static class Vocabulary
{
    public const string Host = "fuzz.test";

    public static readonly string[] Methods =
    [
        "GET", "GET", "GET", "GET", "GET", "POST", "POST", "POST", "PUT", "PUT", "HEAD", "DELETE", "PATCH",
        "OPTIONS", "get", "Post", "PROPFIND", "M-SEARCH", "X!#$%&'*+.^_`|~9",
    ];

    public static readonly string[] OddTargets =
    [
        "?", "?a=b&c=%20", "/./x/../y", "//double//slash", "/%2e%2e/%2F", "/%zz%", "/;p=1?q=%00",
        "/a|b{c}^`\"<>\\", "?http://other.test/", "/:80@host", "/*", "?x=HTTP/1.1",
    ];

    /// <summary>Field lines that may stand in any request and mean nothing to a balancer.</summary>
    public static readonly string[] Plain =
    [
        "User-Agent: fuzz", "Accept: */*", "Cookie: a=1; b=2", "Cookie: c=3", "X-Fuzz-Empty:",
        "X-Fuzz-Tab: a\tb", "X-Fuzz-High: \u00e9\u00ff\u0080", "x-fuzz-a: 1", "X-Fuzz-A: 2", "X-FUZZ-A:3",
        "X-Fuzz-B:   padded \t ", "X-Fuzz-Quote: \"a, b\\\"; c\", d", "Accept-Encoding: gzip",
        "Authorization: Basic Zm9v", "X-Fuzz-C: a, b,,c", "Cache-Control: no-cache", "Range: bytes=0-3",
        "If-None-Match: \"x\"", "X-Fuzz_Under: 1", "Referer: http://x/", "Content-Type: text/plain",
        "Max-Forwards: 5", "Via: 1.0 someone", "X-Fuzz-'!: odd name",
    ];

    /// <summary>Field lines that a balancer acts upon.</summary>
    public static readonly string[] Acted =
    [
        "X-Forwarded-For: 127.9.9.9", "X_Forwarded_For: 127.9.9.9", "X-Forwarded-Proto: https",
        "Forwarded: for=1.2.3.4", "X-Real-IP: 1.2.3.4", "X-Request-Id: mine", "Connection: keep-alive",
        "Connection: X-Fuzz-A, x-fuzz-drop", "Connection: Host, Content-Length, X-Forwarded-For, Via",
        "X-Fuzz-Drop: dropped", "Keep-Alive: timeout=5", "Proxy-Connection: close", "TE: trailers",
        "TE: gzip;q=0.5", "Trailer: X-Fuzz-T", "HTTP2-Settings: AAMAAABk",
        "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "Upgrade: websocket", "Connection: close",
        "Proxy-Authorization: Basic Zm9v", "Expect: 100-continue", "Connection: ,, keep-alive ,",
    ];

    /// <summary>Lines that are wrong, or wrong beside another.</summary>
    public static readonly string[] Hostile =
    [
        "Content-Length: 0", "Content-Length: 5", "Content-Length: +5", "Content-Length: -1",
        "Content-Length: 5, 5", "Content-Length: 0x5", "Content-Length: 5 5", "Content-Length:",
        "Content-Length : 5", "Content-Length: 5\v", "Content-Length: 9223372036854775808",
        "Content-Length: 18446744073709551621", "Content-Length: 00000005", "Content_Length: 5",
        "Transfer-Encoding: chunked", "Transfer-Encoding: Chunked", "Transfer-Encoding:\tchunked",
        "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: chunked, chunked",
        "Transfer-Encoding: identity", "Transfer-Encoding: chunked, identity", "Transfer-Encoding: xchunked",
        "Transfer-Encoding: \"chunked\"", "Transfer-Encoding : chunked", "Transfer-Encoding:\vchunked",
        "Transfer-Encoding: chunked;a=b", "Transfer-Encoding:", "Transfer-Encoding\t: chunked",
        " Transfer-Encoding: chunked", "Transfer-Encoding: ,chunked", "X: a\rTransfer-Encoding: chunked",
        "X: a\nTransfer-Encoding: chunked", "Transfer_Encoding: chunked", "Host: other.test", "Host:",
        "Host: a b", "Host: [::1", "Host: a/b", "Host: a@b", "Host: a:b", " folded", "\tfolded", "no colon",
        ": no name", "X\0Y: 1", "X: \0", "X: \x01", "X: \x7f", "X Y: 1", "X\u00e9: 1", "(X): 1", "X:1\r", "\r",
        "Expect: 200-ok", "Expect: 100-continue, x", "Upgrade:", "Connection: Transfer-Encoding", "", "\0",
        "X-Fuzz-A", "GET /smuggled HTTP/1.1", "HTTP/1.1 200 OK",
    ];

    public static readonly string[] ChunkSizes =
    [
        "5", "05", "0000000000000005", "00000000000000005", "5;a", "5;a=b", "5;a=\"b;c\"", "5 ;a", "5\t;a",
        "5 ", " 5", "+5", "-5", "0x5", "5_0", "5;", "5;\n", "5\n", "5\r", "5;a\rb", "5;\0", "g", "",
        "7fffffffffffffff", "8000000000000000", "ffffffffffffffff", "10000000000000005", "5,5", "5.0",
        "FFFFFFFFFFFFFFFB", "5;a=\u00e9",
    ];

    /// <summary>What a mutator puts between, or in the place of, tokens.</summary>
    public static readonly string[] Marks =
    [
        "\r\n", "\n", "\r", "\r\r\n", "\n\r\n", "\r\n\r\n", "\r\n ", "\r\n\t", " ", "  ", "\t", "\0", "\v",
        "\f", ":", ";", ",", "#", "@", "/", "\\", "\"", "\x7f", "\x80", "\u00a0", "\u0085", "\u00ff",
        "HTTP/1.0", "HTTP/1.1", "HTTP/1.2", "HTTP/2.0", "HTTP/0.9", "http/1.1", "HTTP/1.10", "CONNECT", "TRACE",
        "OPTIONS", "HEAD", "PRI", "*", "http://fuzz.test/", "http://u@fuzz.test/", "https://fuzz.test/",
        "http://other.test/", "chunked", "close", "100-continue", "0", "1", "-1", "99999999999999999999",
        "0\r\n\r\n", "5\r\n", "%00", "%0d%0a",
    ];

    public static readonly string[] Statuses =
    [
        "200", "200", "200", "200", "201", "204", "205", "206", "301", "304", "400", "401", "404", "418", "429",
        "500", "503", "599", "600", "999",
    ];

    public static readonly string[] BadStatusLines =
    [
        "HTTP/1.1 20 OK", "HTTP/1.1 2000 OK", "HTTP/1.1  200 OK", "HTTP/1.1 200OK", "HTTP/2 200 OK",
        "HTTP/1.1 -20 OK", "HTTP/1.2 200 OK", "HTTP/1.1\t200 OK", "http/1.1 200 OK", "ICY 200 OK",
        "HTTP/1.1 099 OK", "HTTP/1.1 101 Switch", "HTTP/1.1 000 OK", "HTTP/1.1 2x0 OK", "200 OK", "",
        "HTTP/1.1", "HTTP/1.1 200 O\0K", "HTTP/1.1 200 O\rK", " HTTP/1.1 200 OK",
    ];

    public static readonly string[] Interims =
    [
        "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\nX-Fuzz-I: 1\r\n\r\n",
        "HTTP/1.1 102 Processing\r\n\r\n", "HTTP/1.1 103 Early Hints\r\nLink: </y>\r\nLink: </z>\r\n\r\n",
    ];

    public static readonly string[] Trailers =
    [
        "X-Fuzz-T: 1", "X-Fuzz-T: 2", "X-Fuzz-U:", "Content-Length: 3", "Host: other",
    ];

    /// <summary>Field lines of a backend's answer.</summary>
    public static readonly string[] AnswerFields =
    [
        "Server: fuzz", "Date: Wed, 25 Nov 2026 03:00:00 GMT", "Set-Cookie: a=1", "Set-Cookie: b=2, c",
        "X-Fuzz-R: 1", "X-Fuzz-R: 2", "x-fuzz-r:3", "X-Fuzz-Empty:", "X-Fuzz-High: \u00e9\u00ff", "Vary: a",
        "Vary: b", "ETag: \"x\"", "Content-Type: text/html", "Via: 1.1 someone", "Connection: close",
        "Connection: X-Fuzz-R", "Keep-Alive: timeout=1", "Location: http://other.test/",
        "WWW-Authenticate: Basic", "Upgrade: h2c", "Content-Encoding: gzip", "Trailer: X-Fuzz-T",
        "Proxy-Connection: close", "Transfer_Encoding: chunked", "X-Fuzz-Tab:\ta\tb\t", "Retry-After: 1",
        "Age: 5",
    ];
}
