namespace MiniLB.Wire.Http2;

/// <summary>What a frame says beside its payload (RFC 9113 section 6).</summary>
[Flags]
internal enum FrameFlags : byte
{
    None = 0,

    /// <summary>Of SETTINGS and PING.</summary>
    Ack = 1,

    /// <summary>Of DATA and HEADERS: the last of its stream.</summary>
    EndStream = Ack,

    EndHeaders = 4,
    Padded = 8,
    Priority = 0x20,
}
