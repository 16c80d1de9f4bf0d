using System.Buffers.Binary;
using MiniLB.Config.Options;
using MiniLB.Wire.Http2;

namespace MiniLB.RequestPath.Accept.Http2;

/// <summary>What the two sides of a connection tell each other of themselves (RFC 9113 section 6.5); all of it with the
/// connection's gate.</summary>
internal static class Http2Settings
{
    private const int SettingBytes = 6;

    // More than there are, with room for those that mean nothing on purpose (RFC 8701): each may be work for all
    // streams.
    private const int MostSettings = 32;

    /// <summary>Writes ours, which come before anything else.</summary>
    public static void Write(LimitOptions limits, Http2Streams streams, Http2FrameWriter frames)
    {
        Span<byte> payload = stackalloc byte[SettingBytes * 4];
        Put(payload, 0, SettingId.MaxConcurrentStreams, streams.Most);
        Put(payload, 1, SettingId.InitialWindowSize, streams.Window);
        Put(payload, 2, SettingId.MaxHeaderListSize, (int)limits.HeaderBytes);
        Put(payload, 3, SettingId.EnableConnectProtocol, 1);
        frames.Write(FrameType.Settings, FrameFlags.None, 0, payload);
        if (streams.ConnectionWindow > Http2Sending.FirstWindow)
        {
            frames.WriteWindow(0, streams.ConnectionWindow - Http2Sending.FirstWindow);
        }
    }

    /// <summary>Obeys the client's.</summary>
    /// <exception cref="Http2Exception">One of them may not have its value.</exception>
    public static void Obey(ReadOnlySpan<byte> payload, Http2Streams streams, Http2Sending sending)
    {
        Http2Exception.ThrowUnless(
            payload.Length <= MostSettings * SettingBytes, ErrorCode.EnhanceYourCalm, "too many settings");
        for (; payload.Length > 0; payload = payload[SettingBytes..])
        {
            Obey((SettingId)BinaryPrimitives.ReadUInt16BigEndian(payload),
                BinaryPrimitives.ReadUInt32BigEndian(payload[2..]), streams, sending);
        }

        sending.Frames.Write(FrameType.Settings, FrameFlags.Ack, 0, default);
    }

    private static void Obey(SettingId setting, uint value, Http2Streams streams, Http2Sending sending)
    {
        switch (setting)
        {
            case SettingId.EnablePush:
                Http2Exception.ThrowUnless(value <= 1, ErrorCode.Protocol, "push is neither on nor off");
                break;
            case SettingId.MaxFrameSize:
                Http2Exception.ThrowUnless(
                    value is >= FrameHeader.MostPayload and < 1 << 24, ErrorCode.Protocol, "frames of a wrong size");
                break;
            case SettingId.HeaderTableSize:
                sending.Frames.LimitTable();
                break;
            case SettingId.InitialWindowSize:
                Http2Exception.ThrowUnless(
                    value <= int.MaxValue && sending.TrySetStreamWindow((int)value, streams.Open),
                    ErrorCode.FlowControl, "a window is too large");
                break;
            default:
                break; // nothing that is done here depends on it, or it is unknown
        }
    }

    private static void Put(Span<byte> payload, int at, SettingId setting, int value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(payload[(SettingBytes * at)..], (ushort)setting);
        BinaryPrimitives.WriteInt32BigEndian(payload[((SettingBytes * at) + 2)..], value);
    }
}
