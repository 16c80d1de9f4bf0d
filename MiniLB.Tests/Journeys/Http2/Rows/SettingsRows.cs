using MiniLB.Tests.Journeys.Http2.Wire;

namespace MiniLB.Tests.Journeys.Http2.Rows;

/// <summary>Settings (RFC 9113, section 6.5): what is out of range ends the connection.</summary>
internal static class SettingsRows
{
    private static readonly Outcome Protocol = Outcome.ConnectionError(ErrorCode.Protocol);
    private static readonly Outcome FrameSize = Outcome.ConnectionError(ErrorCode.FrameSize);
    private static readonly Frame Get = Frame.Headers(1, Fields.Get("/r"));

    public static IEnumerable<Row> All =>
    [
        Row("settings on a stream", Protocol, Frame.Settings() with { StreamId = 1 }),
        Row("settings of five bytes", FrameSize, Frame.Settings() with { Payload = [0, 1, 0, 0, 0] }),
        Row("settings acknowledgement with a payload", FrameSize, Frame.SettingsAck() with { Payload = new byte[6] }),
        Row("settings push that is neither on nor off", Protocol, Frame.Settings((Setting.EnablePush, 2))),
        Row("settings window of 2^31", Outcome.ConnectionError(ErrorCode.FlowControl),
            Frame.Settings((Setting.InitialWindowSize, 0x8000_0000))),
        Row("settings frame size below 16,384", Protocol, Frame.Settings((Setting.MaxFrameSize, 16_383))),
        Row("settings frame size above 2^24 - 1", Protocol, Frame.Settings((Setting.MaxFrameSize, 0x0100_0000))),
        Passed("no settings before a request", Get) with
        {
            // Wrong (RFC 9113, section 3.4), but without harm.
            SendsSettings = false, Client = Protocol | Outcome.Answer(200, "ok"),
            Backend = Arrival.Nothing | Arrival.Line("GET /r HTTP/1.1"),
        },
        Passed("settings that are unknown are ignored", Frame.Settings(((Setting)0xABCD, 7)), Get),
        Passed("settings without a header table", Frame.Settings((Setting.HeaderTableSize, 0)), Get),
        Passed("settings of huge numbers", Frame.Settings(
            (Setting.HeaderTableSize, uint.MaxValue), (Setting.MaxHeaderListSize, uint.MaxValue),
            (Setting.MaxFrameSize, 0x00FF_FFFF), (Setting.MaxConcurrentStreams, 0)), Get),
        Passed("settings window of zero, opened later",
            Frame.Settings((Setting.InitialWindowSize, 0)), Get, Frame.Settings((Setting.InitialWindowSize, 1000))),
        Passed("settings window of zero, opened by an update",
            Frame.Settings((Setting.InitialWindowSize, 0)), Get, Frame.WindowUpdate(1, 2)),
    ];

    private static Row Row(string name, Outcome client, params Frame[] frames) =>
        new(name, client, Arrival.Nothing, frames);

    private static Row Passed(string name, params Frame[] frames) =>
        new(name, Outcome.Answer(200, "ok"), Arrival.Line("GET /r HTTP/1.1"), frames);
}
