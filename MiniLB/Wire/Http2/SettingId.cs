namespace MiniLB.Wire.Http2;

/// <summary>What each side tells of itself (RFC 9113 section 6.5.2).</summary>
internal enum SettingId : ushort
{
    HeaderTableSize = 1,
    EnablePush = 2,
    MaxConcurrentStreams = 3,
    InitialWindowSize = 4,
    MaxFrameSize = 5,
    MaxHeaderListSize = 6,

    /// <summary>WebSocket over HTTP/2 (RFC 8441 section 3).</summary>
    EnableConnectProtocol = 8,
}
