using MiniLB.Tests.Journeys.Http2.Wire;

namespace MiniLB.Tests.Journeys.Http2.Rows;

/// <summary>Frames and field lists larger or smaller than they may be.</summary>
internal static class SizeRows
{
    private const int Huge = 0x00FF_FFFF;

    private static readonly Outcome FrameSize = Outcome.ConnectionError(ErrorCode.FrameSize);
    private static readonly Outcome TooLarge =
        Outcome.RefusedWith(431, ErrorCode.Protocol, ErrorCode.EnhanceYourCalm, ErrorCode.RefusedStream);

    public static IEnumerable<Row> All =>
    [
        Row("HEADERS larger than allowed", FrameSize,
            Frame.Headers(1, Fields.Get("/smuggled")) with { Claims = Huge }),
        Row("SETTINGS larger than allowed", FrameSize, Frame.Settings() with { Claims = Huge }),
        Row("unknown frame larger than allowed", FrameSize,
            new Frame(FrameType.Unknown, FrameFlags.None, 0, []) { Claims = Huge }),
        Row("PING of seven bytes", FrameSize, Frame.Ping() with { Payload = new byte[7] }),
        Row("PING of nine bytes", FrameSize, Frame.Ping() with { Payload = new byte[9] }),
        Row("GOAWAY of seven bytes", FrameSize, Frame.GoAway(ErrorCode.None) with { Payload = new byte[7] }),
        Row("PRIORITY of four bytes", Outcome.StreamError(ErrorCode.FrameSize),
            Frame.Priority(1, 0) with { Payload = new byte[4] }),
        new("RST_STREAM of three bytes", FrameSize, Arrival.NothingWhole,
            Frame.OpenHeaders(1, Fields.Post("/echo")), Frame.Reset(1) with { Payload = new byte[3] }),
        new("DATA larger than allowed", Outcome.StreamError(ErrorCode.FrameSize), Arrival.NothingWhole,
            Frame.OpenHeaders(1, Fields.Post("/echo")), Frame.Data(1, "smuggled") with { Claims = Huge }),
        new("DATA with more padding than frame", Outcome.ConnectionError(ErrorCode.Protocol), Arrival.NothingWhole,
            Frame.OpenHeaders(1, Fields.Post("/echo")),
            new Frame(FrameType.Data, FrameFlags.Padded | FrameFlags.EndStream, 1, [9, .. "smuggled"u8])),
        Row("HEADERS with more padding than frame", Outcome.ConnectionError(ErrorCode.Protocol),
            new Frame(
                FrameType.Headers, FrameFlags.Padded | FrameFlags.EndHeaders | FrameFlags.EndStream, 1,
                [255, .. HpackWriter.Write(Fields.Get("/smuggled"))])),
        Row("HEADERS too small for a priority", FrameSize | Outcome.ConnectionError(ErrorCode.Protocol),
            new Frame(
                FrameType.Headers, FrameFlags.Priority | FrameFlags.EndHeaders | FrameFlags.EndStream, 1, [0, 0, 0])),
        Row("field list too large", TooLarge, Get(count: 40, length: 1024)),
        Row("field list too long", TooLarge, Get(count: 150, length: 1)),
        Row("field too large", TooLarge | Outcome.ConnectionError(ErrorCode.Compression),
            Get(count: 1, length: 40_000)),
        new("field list just small enough", Outcome.Answer(200, "ok"), Arrival.Line("GET /r HTTP/1.1"),
            Get(count: 80, length: 300)),
    ];

    private static Frame[] Get(int count, int length)
    {
        var fields = Enumerable.Range(0, count).Select(i => ($"x-{i}", new string('a', length)));
        return HeaderBlockRows.Split(Frame.Headers(1, Fields.Get("/r", [.. fields])), 16_000);
    }

    private static Row Row(string name, Outcome client, params Frame[] frames) =>
        new(name, client, Arrival.Nothing, frames);
}
