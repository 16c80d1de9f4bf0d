using System.Buffers.Binary;
using System.Text;

namespace MiniLB.Tests.Journeys.Http2.Wire;

/// <summary>One frame as it is on the wire; nothing stops a test from writing a wrong one.</summary>
internal sealed record Frame(FrameType Type, FrameFlags Flags, int StreamId, byte[] Payload)
{
    public const int HeadLength = 9;

    public static readonly byte[] Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();

    /// <summary>The length in the frame's head, where it is to be another than the payload's.</summary>
    public int? Claims { get; init; }

    public bool Has(FrameFlags flag) => (Flags & flag) != 0;

    public static Frame Settings(params (Setting Name, uint Value)[] settings)
    {
        var payload = new byte[settings.Length * 6];
        for (var i = 0; i < settings.Length; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(payload.AsSpan(i * 6), (ushort)settings[i].Name);
            BinaryPrimitives.WriteUInt32BigEndian(payload.AsSpan((i * 6) + 2), settings[i].Value);
        }

        return new Frame(FrameType.Settings, FrameFlags.None, 0, payload);
    }

    public static Frame SettingsAck() => new(FrameType.Settings, FrameFlags.Ack, 0, []);

    public static Frame Ping(FrameFlags flags = FrameFlags.None) =>
        new(FrameType.Ping, flags, 0, "12345678"u8.ToArray());

    public static Frame WindowUpdate(int stream, uint increment) =>
        new(FrameType.WindowUpdate, FrameFlags.None, stream, Number(increment));

    public static Frame Reset(int stream, ErrorCode code = ErrorCode.Cancel) =>
        new(FrameType.Reset, FrameFlags.None, stream, Number((uint)code));

    public static Frame GoAway(ErrorCode code, int last = 0) =>
        new(FrameType.GoAway, FrameFlags.None, 0, [.. Number((uint)last), .. Number((uint)code)]);

    public static Frame Priority(int stream, int dependsOn) =>
        new(FrameType.Priority, FrameFlags.None, stream, [.. Number((uint)dependsOn), 15]);

    /// <summary>A whole header block with the end of the stream.</summary>
    public static Frame Headers(int stream, params IEnumerable<(string Name, string Value)> fields) =>
        new(FrameType.Headers, FrameFlags.EndHeaders | FrameFlags.EndStream, stream, HpackWriter.Write(fields));

    /// <summary>A whole header block after which DATA, or trailers, follow.</summary>
    public static Frame OpenHeaders(int stream, params IEnumerable<(string Name, string Value)> fields) =>
        new(FrameType.Headers, FrameFlags.EndHeaders, stream, HpackWriter.Write(fields));

    public static Frame Data(int stream, string text, bool end = false) =>
        Data(stream, Encoding.Latin1.GetBytes(text), end);

    public static Frame Data(int stream, byte[] bytes, bool end = false) =>
        new(FrameType.Data, end ? FrameFlags.EndStream : FrameFlags.None, stream, bytes);

    public byte[] ToBytes()
    {
        var bytes = new byte[HeadLength + Payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes, (Claims ?? Payload.Length) << 8);
        bytes[3] = (byte)Type;
        bytes[4] = (byte)Flags;
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(5), StreamId);
        Payload.CopyTo(bytes, HeadLength);
        return bytes;
    }

    private static byte[] Number(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }
}
