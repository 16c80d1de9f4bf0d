namespace MiniLB.Tests.Journeys.Http2.Wire;

/// <summary>The flags of frames (RFC 9113, section 6); one bit means ACK or END_STREAM, by the kind.</summary>
[Flags]
internal enum FrameFlags : byte
{
    None = 0,
    Ack = 1,
    EndStream = Ack,
    EndHeaders = 4,
    Padded = 8,
    Priority = 0x20,
}
