using MiniLB.Tests.Journeys.Exchanges.Table;
using static MiniLB.Tests.Journeys.Exchanges.Table.Outcomes;
using static MiniLB.Tests.Journeys.Exchanges.Table.Steps;

namespace MiniLB.Tests.Journeys.Exchanges.Rows;

/// <summary>Interim responses that nobody waits for.</summary>
internal static class InterimRows
{
    private const string Hints = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n";
    private const string Processing = "HTTP/1.1 102 Processing\r\n\r\n";
    private const string Continue = "HTTP/1.1 100 Continue\r\n\r\n";

    public static readonly ExchangeRow[] All =
    [
        Before("early-hints", "103 is passed on with its fields", Hints, 103) with
        {
            Sees = [new(200) { Body = "ok", Interims = [103], InterimHas = ["Link: </a.css>; rel=preload"] }],
        },
        Before("processing", "102 is passed on", Processing, 102),
        Before("continue-unasked", "100 is passed on where nobody asked for it", Continue, 100),
        Before("several", "interim responses are passed on in their order", Processing + Hints + Hints, 102, 103, 103),
        Before("many", "fifty interim responses are passed on", string.Concat(Enumerable.Repeat(Hints, 50)),
            [.. Enumerable.Repeat(103, 50)]),
        new("at-once", "an interim response does not wait for the final one")
        {
            Sends = [Get()],
            Backend = [[Body, Hints, OtherSideHas("103 Early Hints"), Ok]],
            Sees = [new(200) { Body = "ok", Interims = [103] }],
            Reaches = [new("GET / HTTP/1.1")],
        },
        new("in-pieces", "an interim response is read however it is cut")
        {
            Sends = [Get()],
            Backend = [[Body, Drip(Hints), Drip(Ok)]],
            Sees = [new(200) { Body = "ok", Interims = [103] }],
            Reaches = [new("GET / HTTP/1.1")],
        },
        new("hop-by-hop", "hop-by-hop fields of an interim response end here")
        {
            Sends = [Get()],
            Backend = [[Body, "HTTP/1.1 103 Early Hints\r\nConnection: X-A\r\nX-A: 1\r\nX-B: 2\r\n\r\n" + Ok]],
            Sees = [new(200) { Body = "ok", Interims = [103], InterimHas = ["X-B: 2"], Lacks = ["X-A", "X-B"] }],
            Reaches = [new("GET / HTTP/1.1")],
        },
        new("on-1-0", "HTTP/1.0 clients get no interim responses")
        {
            Sends = ["GET / HTTP/1.0\r\nHost: h\r\n\r\n"],
            Backend = [[Body, Processing + Hints + Ok]],
            Sees = [new(200) { Body = "ok" }],
            Then = Then.Ends,
            Reaches = [new("GET / HTTP/1.1")],
        },
        new("on-head", "an interim response before the answer to HEAD changes nothing")
        {
            Sends = ["HEAD / HTTP/1.1\r\nHost: h\r\n\r\n"],
            Backend = [[Body, Hints + "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"]],
            Sees = [new(200) { ToHead = true, Interims = [103] }],
            Reaches = [new("HEAD / HTTP/1.1")],
        },
        Before("with-length", "an interim response has no body, whatever it says",
            "HTTP/1.1 103 Early Hints\r\nContent-Length: 40\r\n\r\n") with
        {
            Sees = [new(200, 502) { Interims = null }],
        },
        Before("with-chunks", "an interim response has no chunks, whatever it says",
            "HTTP/1.1 103 Early Hints\r\nTransfer-Encoding: chunked\r\n\r\n") with
        {
            Sees = [new(200, 502) { Interims = null }],
        },
        Before("then-ends", "a connection that ends behind an interim response gives 502", "") with
        {
            Backend = [[Body, Hints, Close]],
            Sees = [new(502) { IsOwn = true, Interims = [103] }],
        },
        Before("then-garbage", "garbage behind an interim response gives 502", "") with
        {
            Backend = [[Body, Hints, "garbage\r\n\r\n", HearEnd]],
            Sees = [new(502) { IsOwn = true, Interims = [103] }],
        },
        Before("then-unasked-101", "a 101 that nobody asked for gives 502 behind an interim response too", "") with
        {
            Backend =
            [
                [Body, Hints, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n", HearEnd],
            ],
            Sees = [new(502) { IsOwn = true, Interims = [103] }],
        },
        Before("malformed", "a malformed interim response gives 502", "") with
        {
            Backend = [[Body, "HTTP/1.1 103 Early Hints\r\nX : 1\r\n\r\n" + Ok, HearEnd]],
            Sees = [new(502) { IsOwn = true }],
        },
    ];

    private static ExchangeRow Before(string name, string promise, string interims, params int[] statuses) =>
        Answered(name, promise, interims + Ok, new(200) { Body = "ok", Interims = statuses });
}
