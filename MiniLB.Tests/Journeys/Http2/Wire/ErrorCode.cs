namespace MiniLB.Tests.Journeys.Http2.Wire;

/// <summary>The reasons of RST_STREAM and GOAWAY (RFC 9113, section 7).</summary>
internal enum ErrorCode
{
    None = 0,
    Protocol = 1,
    Internal = 2,
    FlowControl = 3,
    SettingsTimeout = 4,
    StreamClosed = 5,
    FrameSize = 6,
    RefusedStream = 7,
    Cancel = 8,
    Compression = 9,
    Connect = 10,
    EnhanceYourCalm = 11,
    InadequateSecurity = 12,
    Http11Required = 13,
}
