using MiniLB.Tests.Journeys.Exchanges.Table;
using static MiniLB.Tests.Journeys.Exchanges.Table.Outcomes;
using static MiniLB.Tests.Journeys.Exchanges.Table.Steps;

namespace MiniLB.Tests.Journeys.Exchanges.Rows;

/// <summary>Every wait has an end. All timeouts are a second here.</summary>
internal static class SlowRows
{
    public static readonly ExchangeRow[] All = [.. Rows().Select(r => r with { Bench = BenchKind.Quick })];

    private static ExchangeRow[] Rows() =>
    [
        Refused("head", "a head that does not come to its end is answered 408", 408, "GET / HTTP/1.1\r\nHost: h\r\n"),
        Refused("line", "a request line that does not come to its end is answered 408", 408, "GE"),
        Refused("head-drips", "a head that drips is answered 408", 408,
            "GET / HTTP/1.1\r\nX: ", Drip(new string('x', 4000))),
        Refused("nothing", "a connection without a byte is closed", 408) with { Sees = [] },
        new("idle", "a kept connection without a request is closed")
        {
            Sends = [Get()],
            Then = Then.Ends,
            Reaches = [new("GET / HTTP/1.1")],
        },
        new("second-head", "a second head that does not come to its end is answered 408")
        {
            Sends = [Get(), Await("ok"), "GET /sec"],
            Sees = [new(200) { Body = "ok" }, Own(408)],
            Then = Then.Ends,
            Reaches = [new("GET / HTTP/1.1")],
        },
        BrokenOff("body", "a body that stalls is answered 408", 408, Post("Content-Length: 10\r\n", "hello")),
        BrokenOff("body-none", "a body that does not begin is answered 408", 408, Post("Content-Length: 10\r\n", "")),
        BrokenOff("chunks", "chunks that stall are answered 408", 408, Chunked("5\r\nhello\r\n")),
        BrokenOff("chunk-line", "a chunk line that stalls is answered 408", 408, Chunked("5\r\nhello\r\n5;a")),
        BrokenOff("trailers", "trailers that stall are answered 408", 408, Chunked("5\r\nhello\r\n0\r\nX: 1\r\n")),
        BrokenOff("behind-100", "a body that stalls behind 100 is answered 408", 408,
            Post("Content-Length: 5\r\nExpect: 100-continue\r\n", "he")) with
        {
            Backend = [["HTTP/1.1 100 Continue\r\n\r\n", HearEnd]],
            Sees = [Own(408) with { Interims = [100] }],
        },
        Backend("backend-silent", "a backend that does not answer gives 504", Body, HearEnd),
        Backend("backend-head", "a response head that does not come to its end gives 504",
            Body, "HTTP/1.1 200 OK\r\nX: 1\r\n", HearEnd),
        Backend("backend-line", "a status line that does not come to its end gives 504", Body, "HTTP/1.1 20", HearEnd),
        Backend("backend-interim", "an interim response is no answer", Body, "HTTP/1.1 102 Processing\r\n\r\n",
            HearEnd) with
        {
            Sees = [Own(504) with { Interims = [102] }],
        },
        CutOff("backend-body", "a response body that stalls does not look complete",
            "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfirst", HearEnd),
        CutOff("backend-chunks", "response chunks that stall do not look complete",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n", HearEnd),
        CutOff("backend-to-close", "a body without a length that stalls does not look complete",
            "HTTP/1.1 200 OK\r\n\r\nfirst", HearEnd),
        new("tunnel", "a tunnel without a byte is closed")
        {
            Sends = [Get("Connection: Upgrade\r\nUpgrade: x\r\n"), Await("101")],
            Backend = [["HTTP/1.1 101 Go\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n", HearEnd]],
            Sees = [new(101)],
            Then = Then.Ends,
            Reaches = [new("GET / HTTP/1.1")],
        },
    ];

    private static ExchangeRow Backend(string name, string promise, params Step[] backend) => new(name, promise)
    {
        Sends = [Get()],
        Backend = [backend],
        Sees = [Own(504)],
        Reaches = [new("GET / HTTP/1.1")],
    };
}
