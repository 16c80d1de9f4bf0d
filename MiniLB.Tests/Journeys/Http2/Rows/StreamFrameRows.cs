using MiniLB.Tests.Journeys.Http2.Wire;

namespace MiniLB.Tests.Journeys.Http2.Rows;

/// <summary>Frames on streams that are not for them (RFC 9113, sections 5.1 and 6).</summary>
internal static class StreamFrameRows
{
    private static readonly Outcome Protocol = Outcome.ConnectionError(ErrorCode.Protocol);
    private static readonly Frame Get = Frame.Headers(1, Fields.Get("/r"));

    public static IEnumerable<Row> All =>
    [
        Row("DATA on an idle stream", Protocol, Frame.Data(1, "smuggled", end: true)),
        Row("DATA on stream 0", Protocol, Frame.Data(0, "smuggled")),
        Row("HEADERS on stream 0", Protocol, Frame.Headers(0, Fields.Get("/smuggled"))),
        Row("HEADERS on an even stream", Protocol, Frame.Headers(2, Fields.Get("/smuggled"))),
        Row("PUSH_PROMISE of a client", Protocol,
            new Frame(FrameType.PushPromise, FrameFlags.EndHeaders, 1, [0, 0, 0, 2, .. Block("/smuggled")])),
        Row("RST_STREAM on an idle stream", Protocol, Frame.Reset(1)),
        Row("RST_STREAM on stream 0", Protocol, Frame.Reset(0)),
        Row("PRIORITY on stream 0", Protocol, Frame.Priority(0, 1)),
        Row("GOAWAY on a stream", Protocol, Frame.GoAway(ErrorCode.None) with { StreamId = 1 }),
        Row("PING on a stream", Protocol, Frame.Ping() with { StreamId = 1 }),
        Row("CONTINUATION without HEADERS", Protocol,
            new Frame(FrameType.Continuation, FrameFlags.EndHeaders, 1, Block("/smuggled"))),
        Row("CONTINUATION on stream 0", Protocol,
            new Frame(FrameType.Continuation, FrameFlags.EndHeaders, 0, Block("/smuggled"))),
        Passing("DATA after the end of the stream",
            Outcome.StreamError(ErrorCode.StreamClosed), Get, Frame.Data(1, "smuggled", end: true)),
        Passing("HEADERS after the end of the stream",
            Outcome.StreamError(ErrorCode.StreamClosed), Get, Frame.Headers(1, ("x-smuggled", "1"))),
        Passing("DATA after a reset of the stream",
            Outcome.StreamError(ErrorCode.StreamClosed) | Outcome.Answer(200, "ok"),
            Frame.OpenHeaders(1, Fields.Post("/r")), Frame.Reset(1), Frame.Data(1, "smuggled", end: true),
            Frame.Headers(3, Fields.Get("/r"))) with { Stream = 3 },
        Passing("HEADERS on a lower stream",
            Outcome.ConnectionError(ErrorCode.Protocol, ErrorCode.StreamClosed),
            Frame.Headers(5, Fields.Get("/r")), Frame.Headers(3, Fields.Get("/smuggled"))) with { Stream = 3 },
        Passing("HEADERS that depend on themselves", Outcome.Refused | Outcome.Answer(200, "ok"),
            new Frame(
                FrameType.Headers, FrameFlags.Priority | FrameFlags.EndHeaders | FrameFlags.EndStream, 1,
                [0, 0, 0, 1, 15, .. Block("/r")])),
        Passing("PRIORITY that depends on itself", Outcome.Refused | Outcome.Answer(200, "ok"),
            Frame.Priority(1, 1), Get),
        Passing("HEADERS with padding and a priority", Outcome.Answer(200, "ok"),
            new Frame(
                FrameType.Headers,
                FrameFlags.Padded | FrameFlags.Priority | FrameFlags.EndHeaders | FrameFlags.EndStream, 1,
                [3, 0, 0, 0, 0, 15, .. Block("/r"), 0, 0, 0])),
        Passing("frame of an unknown kind is ignored", Outcome.Answer(200, "ok"),
            new Frame(FrameType.Unknown, (FrameFlags)0xFF, 1, "smuggled"u8.ToArray()), Get),
        new("GOAWAY lets a stream end", Outcome.Answer(200, "abc"),
            Arrival.Line("POST /echo HTTP/1.1").WithBody("abc"),
            Frame.OpenHeaders(1, Fields.Post("/echo")), Frame.GoAway(ErrorCode.None), Frame.Data(1, "abc", end: true)),
    ];

    private static Row Row(string name, Outcome client, params Frame[] frames) =>
        new(name, client, Arrival.Nothing, frames);

    // What came before the fault may have been passed on.
    private static Row Passing(string name, Outcome client, params Frame[] frames) => new(
        name, client, new Arrival("at most what was right", r => r.All(x => x.Path == "/r" && x.Body == "")), frames);

    private static byte[] Block(string path) => HpackWriter.Write(Fields.Get(path));
}
