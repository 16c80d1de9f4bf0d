using MiniLB.Tests.Journeys.Http2.Wire;

namespace MiniLB.Tests.Journeys.Http2.Rows;

/// <summary>Header blocks: compression errors, what interrupts a block, and blocks over several frames.</summary>
internal static class HeaderBlockRows
{
    private static readonly Outcome Protocol = Outcome.ConnectionError(ErrorCode.Protocol);
    private static readonly Frame Unfinished =
        Frame.Headers(1, Fields.Get("/smuggled")) with { Flags = FrameFlags.EndStream };

    public static IEnumerable<Row> All =>
    [
        Broken("block with index 0", 0x80),
        Broken("block with an index beyond the tables", 0xFF, 0x7F),
        Broken("block with an index that overflows", 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F),
        Broken("block that ends in a name", 0x00, 0x05, (byte)'a'),
        Broken("block that ends in an index", 0xFF),
        Broken("block with a length that overflows", 0x00, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F),
        Broken("block with the end mark of Huffman", 0x00, 0x84, 0xFF, 0xFF, 0xFF, 0xFF, 0x00),
        Broken("block with false padding of Huffman", 0x00, 0x81, 0x18, 0x00),
        Broken("block with a table larger than allowed", 0x3F, 0xE1, 0xFF, 0xFF, 0x03),
        Broken("block with a change of the table amid it", 0x82, 0x20),
        Row("block interrupted by PING", Protocol, Unfinished, Frame.Ping()),
        Row("block interrupted by DATA", Protocol, Unfinished, Frame.Data(1, "smuggled", end: true)),
        Row("block interrupted by another request", Protocol, Unfinished, Frame.Headers(3, Fields.Get("/smuggled"))),
        Row("block interrupted by an unknown frame", Protocol,
            Unfinished, new Frame(FrameType.Unknown, FrameFlags.None, 1, [])),
        Row("block that goes on on another stream", Protocol,
            Unfinished, new Frame(FrameType.Continuation, FrameFlags.EndHeaders, 3, [])),
        Passed("block in frames of three bytes", Split(Frame.Headers(1, Fields.Get("/r", ("x-a", "1"))), 3)),
        Passed("block that ends with an empty frame",
            Frame.Headers(1, Fields.Get("/r", ("x-a", "1"))) with { Flags = FrameFlags.EndStream },
            new Frame(FrameType.Continuation, FrameFlags.EndHeaders, 1, [])),
        Passed("block by the tables and Huffman", new Frame(
            FrameType.Headers, FrameFlags.EndHeaders | FrameFlags.EndStream, 1,
            [
                0x82, 0x86, 0x04, 2, .. "/r"u8, 0x41, 8, .. "row.test"u8,
                0x40, 3, .. "x-a"u8, 0x81, 0x0F, // "1" in Huffman
            ])),
    ];

    /// <summary>One header block over several frames.</summary>
    public static Frame[] Split(Frame headers, int size)
    {
        var parts = headers.Payload.Chunk(size).ToArray();
        return
        [
            .. parts.Select((part, i) => new Frame(
                i == 0 ? FrameType.Headers : FrameType.Continuation,
                (i == 0 ? headers.Flags & FrameFlags.EndStream : FrameFlags.None)
                    | (i == parts.Length - 1 ? FrameFlags.EndHeaders : FrameFlags.None),
                headers.StreamId, part)),
        ];
    }

    private static Row Broken(string name, params byte[] block) => Row(
        name, Outcome.ConnectionError(ErrorCode.Compression),
        new Frame(FrameType.Headers, FrameFlags.EndHeaders | FrameFlags.EndStream, 1, block));

    private static Row Row(string name, Outcome client, params Frame[] frames) =>
        new(name, client, Arrival.Nothing, frames);

    private static Row Passed(string name, params Frame[] frames) => new(
        name, Outcome.Answer(200, "ok"),
        Arrival.Line("GET /r HTTP/1.1").Having("x-a", "1").Having("host", "row.test"), frames);
}
