using MiniLB.Tests.Journeys.Exchanges.Table;
using static MiniLB.Tests.Journeys.Exchanges.Table.Outcomes;
using static MiniLB.Tests.Journeys.Exchanges.Table.Steps;

namespace MiniLB.Tests.Journeys.Exchanges.Rows;

/// <summary>Sizes and counts, at the default limits and at small ones.</summary>
internal static class LimitRows
{
    public static readonly ExchangeRow[] All =
    [
        Refused("line", "a request line above 8 KiB is refused", 414, Get(target: "/" + new string('a', 8192))),
        Refused("line-without-end", "a request line without an end is refused", 414,
            "GET /" + new string('a', 10_000)),
        Refused("method-without-end", "a method without an end is refused", 414, new string('A', 10_000)) with
        {
            Sees = [new(400, 414) { IsOwn = true }],
        },
        Refused("fields", "more than 100 fields are refused", 431, Get(Fields(100))),
        Passed("fields-at-limit", "100 fields arrive", Get(Fields(99)),
            new("GET / HTTP/1.1") { Has = ["X-0: 1", "X-98: 1"] }),
        Refused("head", "a head above 32 KiB is refused", 431, Get($"X: {new string('x', 33_000)}\r\n")),
        Refused("head-without-end", "a field line without an end is refused", 431,
            "GET / HTTP/1.1\r\nHost: h\r\nX: " + new string('x', 40_000)),
        Refused("head-of-small-fields", "a head without an end is refused", 431,
            "GET / HTTP/1.1\r\nHost: h\r\n" + Fields(5000)),
        Refused("name-without-end", "a field name without an end is refused", 431,
            "GET / HTTP/1.1\r\nHost: h\r\n" + new string('x', 40_000)) with
        {
            Sees = [new(400, 431) { IsOwn = true }],
        },
        Small(Refused("small-line", "limits.requestLine holds", 414, Get(target: "/" + new string('a', 256)))),
        Small(Passed("small-line-at-limit", "limits.requestLine is not cut short",
            Get(target: "/" + new string('a', 200)), new($"GET /{new string('a', 200)} HTTP/1.1"))),
        Small(Refused("small-fields", "limits.headers holds", 431, Get(Fields(10)))),
        Small(Passed("small-fields-at-limit", "limits.headers is not cut short", Get(Fields(9)),
            new("GET / HTTP/1.1") { Has = ["X-8: 1"] })),
        Small(Refused("small-head", "limits.headerBytes holds", 431, Get($"X: {new string('x', 1024)}\r\n"))),
        Small(Refused("small-body", "a body that is announced above limits.body is not read", 413,
            Post("Content-Length: 65\r\n", ""))),
        Small(Passed("small-body-at-limit", "limits.body is not cut short",
            Post("Content-Length: 64\r\n", new string('b', 64)),
            new("POST / HTTP/1.1") { Body = new string('b', 64) })),
        Small(BrokenOff("small-chunks", "a chunked body above limits.body is refused", 413,
            Chunked($"40\r\n{new string('b', 64)}\r\n1\r\nb\r\n0\r\n\r\n"))),
        Small(BrokenOff("small-chunk-announced", "a chunk that is announced above limits.body is refused", 413,
            Chunked("41\r\n" + new string('b', 65) + "\r\n0\r\n\r\n"))),
        Small(Passed("small-chunks-at-limit", "limits.body counts data, not framing",
            Chunked($"20\r\n{new string('b', 32)}\r\n20;ext=1\r\n{new string('b', 32)}\r\n0\r\n\r\n"),
            new("POST / HTTP/1.1") { Body = new string('b', 64) })),
        Small(Nonsense("response-fields", "more response fields than limits.responseHeaders give 502",
            $"HTTP/1.1 200 OK\r\n{Fields(10)}Content-Length: 2\r\n\r\nok")),
        Small(Answered("response-fields-at-limit", "limits.responseHeaders is not cut short",
            $"HTTP/1.1 200 OK\r\n{Fields(9)}Content-Length: 2\r\n\r\nok", new(200) { Body = "ok", Has = ["X-8: 1"] })),
        Small(Nonsense("response-head", "a response head above limits.responseHeaderBytes gives 502",
            $"HTTP/1.1 200 OK\r\nX: {new string('x', 2048)}\r\nContent-Length: 2\r\n\r\nok")),
        Small(Nonsense("response-head-without-end", "a response head without an end gives 502",
            $"HTTP/1.1 200 OK\r\nX: {new string('x', 8192)}")),
        Small(Nonsense("response-line-without-end", "a status line without an end gives 502",
            $"HTTP/1.1 200 {new string('x', 8192)}")),
        Small(Answered("response-body", "limits of a request do not bound a response",
            $"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n{new string('b', 5000)}",
            new(200) { Body = new string('b', 5000) })),
    ];

    private static string Fields(int count) =>
        string.Concat(Enumerable.Range(0, count).Select(i => $"X-{i}: 1\r\n"));

    private static ExchangeRow Small(ExchangeRow row) => row with { Bench = BenchKind.Small };
}
