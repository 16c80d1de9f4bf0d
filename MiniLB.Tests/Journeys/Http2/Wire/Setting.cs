namespace MiniLB.Tests.Journeys.Http2.Wire;

/// <summary>The names of settings (RFC 9113, section 6.5.2, and RFC 8441).</summary>
internal enum Setting
{
    HeaderTableSize = 1,
    EnablePush = 2,
    MaxConcurrentStreams = 3,
    InitialWindowSize = 4,
    MaxFrameSize = 5,
    MaxHeaderListSize = 6,
    EnableConnectProtocol = 8,
}
