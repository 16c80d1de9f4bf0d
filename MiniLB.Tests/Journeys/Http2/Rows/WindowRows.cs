using MiniLB.Tests.Journeys.Http2.Wire;

namespace MiniLB.Tests.Journeys.Http2.Rows;

/// <summary>Window updates (RFC 9113, section 6.9): zero and what overflows are errors.</summary>
internal static class WindowRows
{
    private const uint Largest = int.MaxValue;

    private static readonly Frame Open = Frame.OpenHeaders(1, Fields.Post("/echo"));

    public static IEnumerable<Row> All =>
    [
        Row("window update of 0 for the connection",
            Outcome.ConnectionError(ErrorCode.Protocol), Frame.WindowUpdate(0, 0)),
        Row("window update of 0 for a stream",
            Outcome.StreamError(ErrorCode.Protocol), Open, Frame.WindowUpdate(1, 0)),
        Row("window update that overflows the connection",
            Outcome.ConnectionError(ErrorCode.FlowControl), Frame.WindowUpdate(0, Largest)),
        Row("window update that overflows a stream",
            Outcome.StreamError(ErrorCode.FlowControl), Open, Frame.WindowUpdate(1, Largest)),
        Row("window updates that overflow together",
            Outcome.ConnectionError(ErrorCode.FlowControl),
            Frame.WindowUpdate(0, Largest / 2), Frame.WindowUpdate(0, (Largest / 2) + 1)),
        Row("window by settings that overflows a stream", Outcome.StreamError(ErrorCode.FlowControl),
            Open, Frame.WindowUpdate(1, Largest - 65_535), Frame.Settings((Setting.InitialWindowSize, Largest))),
        Row("window update on an idle stream",
            Outcome.ConnectionError(ErrorCode.Protocol), Frame.WindowUpdate(1, 1)),
        Row("window update of three bytes", Outcome.ConnectionError(ErrorCode.FrameSize),
            Frame.WindowUpdate(0, 1) with { Payload = [0, 0, 1] }),
        new("window update with the reserved bit", Outcome.Answer(200, "ok"), Arrival.Line("GET /r HTTP/1.1"),
            Frame.WindowUpdate(0, 0x8000_0001), Frame.Headers(1, Fields.Get("/r"))),
        new("window update after the end is ignored", Outcome.Answer(200, "ok"),
            new Arrival("both", r => r.Count == 2 && r.All(x => x.Path == "/r")),
            Frame.Headers(1, Fields.Get("/r")), Frame.WindowUpdate(1, 1), Frame.Headers(3, Fields.Get("/r")))
        { Stream = 3 },
    ];

    private static Row Row(string name, Outcome client, params Frame[] frames) =>
        new(name, client, Arrival.NothingWhole, frames);
}
