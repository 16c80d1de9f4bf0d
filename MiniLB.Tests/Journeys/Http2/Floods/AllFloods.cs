using MiniLB.Tests.Journeys.Http2.Wire;

namespace MiniLB.Tests.Journeys.Http2.Floods;

/// <summary>The known floods of HTTP/2, by name.</summary>
internal static class AllFloods
{
    private const int BurstLength = 500;

    private static readonly byte[] Download = Bytes(
        Frame.Settings((Setting.InitialWindowSize, 1)), Frame.Headers(1, Fields.Get("/large")));

    private static readonly byte[] Upload = Bytes(Frame.OpenHeaders(1, Fields.Post("/slow")));
    private static readonly byte[] Block = HpackWriter.Write([("x-flood", new string('f', 15_000))]);

    public static readonly IReadOnlyDictionary<string, Flood> ByName = new[]
    {
        // CVE-2023-44487
        new Flood("rapid reset", [], n => Requests(n, i => [Frame.Headers(i, Fields.Get("/slow")), Frame.Reset(i)]))
        {
            MustEnd = true,
        },
        // CVE-2025-8671: the server is made to reset.
        new("reset by the server", [], n => Requests(n, i =>
            [Frame.OpenHeaders(i, Fields.Post("/slow")), Frame.WindowUpdate(i, 0)])) { MustEnd = true },
        // CVE-2024-27316
        new("CONTINUATION", Bytes(Unfinished()), _ => Repeated(
            new Frame(FrameType.Continuation, FrameFlags.None, 1, Block), 4)) { MustEnd = true },
        new("empty CONTINUATION", Bytes(Unfinished()), _ => Repeated(
            new Frame(FrameType.Continuation, FrameFlags.None, 1, []))),
        // CVE-2019-9515 and -9512
        new("SETTINGS", [], _ => Repeated(Frame.Settings((Setting.MaxConcurrentStreams, 100)))) { Reads = false },
        new("PING", [], _ => Repeated(Frame.Ping())) { Reads = false },
        new("SETTINGS that are acknowledged", [], _ => Repeated(Frame.Settings((Setting.InitialWindowSize, 100)))),
        new("PING that is answered", [], _ => Repeated(Frame.Ping())),
        // CVE-2019-9518
        new("empty DATA", Upload, _ => Repeated(Frame.Data(1, ""))),
        new("padded DATA", Upload, _ => Repeated(new Frame(FrameType.Data, FrameFlags.Padded, 1, [0]))),
        // CVE-2019-9511
        new("WINDOW_UPDATE drip on a download", Download,
            _ => Repeated(Frame.WindowUpdate(1, 1)).Concat(Repeated(Frame.WindowUpdate(0, 1))).ToArray()),
        new("window change by SETTINGS on a download", Download, n => Repeated(
            Frame.Settings((Setting.InitialWindowSize, (uint)(n % 2))))),
        // CVE-2019-9513
        new("PRIORITY", [], n => Bytes([.. Enumerable.Range(0, BurstLength).Select(i =>
            Frame.Priority((2 * ((n * BurstLength) + i)) + 1, 0))])),
        new("unknown frames", [], _ => Repeated(new Frame(FrameType.Unknown, FrameFlags.None, 0, new byte[100]))),
        new("requests beyond the limit of streams", [], n => Requests(n, i => [Frame.Headers(i, Fields.Get("/slow"))])),
        // CVE-2016-6581: a small block that names a large field again and again.
        new("compression bomb", Bytes(Bomb(1, 0)), n => Bytes([.. Enumerable.Range(0, 4).Select(i =>
            Bomb((2 * ((n * 4) + i)) + 3, 15_000))])),
        new("large downloads that nobody takes", Bytes(Frame.Settings((Setting.InitialWindowSize, 0))),
            n => n > 0 ? Repeated(Frame.Ping(), 1) : Requests(0, i => [Frame.Headers(i, Fields.Get("/large"))], 90)),
    }.ToDictionary(f => f.Name);

    private static Frame Unfinished() =>
        Frame.Headers(1, Fields.Get("/slow")) with { Flags = FrameFlags.EndStream };

    // The first block puts a field into the table, the others name it.
    private static Frame Bomb(int stream, int times)
    {
        byte[] field = [0x40, 1, (byte)'b', 0x7F, 0xD1, 0x1E, .. new byte[4048].Select(_ => (byte)'b')];
        byte[] repeated = [.. Enumerable.Repeat((byte)0xBE, times)];
        byte[] block = [.. HpackWriter.Write(Fields.Get("/slow")), .. times == 0 ? field : repeated];
        return new Frame(FrameType.Headers, FrameFlags.EndHeaders | FrameFlags.EndStream, stream, block);
    }

    private static byte[] Requests(int burst, Func<int, Frame[]> frames, int count = BurstLength) => Bytes([
        .. Enumerable.Range(0, count).SelectMany(i => frames((2 * ((burst * count) + i)) + 1)),
    ]);

    private static byte[] Repeated(Frame frame, int times = BurstLength) =>
        [.. Enumerable.Repeat(frame.ToBytes(), times).SelectMany(b => b)];

    private static byte[] Bytes(params Frame[] frames) => [.. frames.SelectMany(f => f.ToBytes())];
}
