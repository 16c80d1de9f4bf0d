using System.Buffers.Binary;

namespace MiniLB.Wire.Http2;

/// <summary>The nine bytes before the payload of each frame (RFC 9113 section 4.1).</summary>
/// <param name="Length">Bytes of the payload.</param>
/// <param name="Type">May be none that is known.</param>
/// <param name="Flags">Those that the type knows; others mean nothing.</param>
/// <param name="Stream">0 for the connection.</param>
internal readonly record struct FrameHeader(int Length, FrameType Type, FrameFlags Flags, int Stream)
{
    public const int Bytes = 9;

    /// <summary>The largest payload that anybody may send to whom nothing else has been allowed (RFC 9113 section
    /// 4.2).</summary>
    public const int MostPayload = 16 * 1024;

    public static FrameHeader Read(ReadOnlySpan<byte> bytes) => new(
        (bytes[0] << 16) | (bytes[1] << 8) | bytes[2], (FrameType)bytes[3], (FrameFlags)bytes[4],
        BinaryPrimitives.ReadInt32BigEndian(bytes[5..]) & int.MaxValue);

    /// <summary>Has the frame that begins here end its stream.</summary>
    public static void EndStream(Span<byte> frame) => frame[4] |= (byte)FrameFlags.EndStream;

    public bool Has(FrameFlags flag) => (Flags & flag) != 0;

    public void Write(Span<byte> to)
    {
        BinaryPrimitives.WriteInt32BigEndian(to, (Length << 8) | (int)Type);
        to[4] = (byte)Flags;
        BinaryPrimitives.WriteInt32BigEndian(to[5..], Stream);
    }
}
