using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using MiniLB.State;
using MiniLB.Wire;
using MiniLB.Wire.Http2;

namespace MiniLB.RequestPath.Accept.Http2;

/// <summary>Reads the frames of one connection and holds them to the rules that concern frames alone (RFC 9113 sections
/// 4 and 6).</summary>
/// <param name="connection">Whose.</param>
/// <param name="receiving">Is told what they say.</param>
/// <param name="client">The same connection, as the rest sees it.</param>
/// <param name="floods">What there may be too much of.</param>
/// <param name="limits">Of a head.</param>
internal sealed class Http2FrameReader(
    Http2Connection connection, Http2Receiving receiving, ClientConnection client, Http2FloodRules floods,
    HeadLimits limits)
{
    private const int TableSize = 4096;

    private readonly HpackDecoder _fields = new(TableSize);

    // Null where none goes on in another frame.
    private ArrayBufferWriter<byte>? _block;

    // The stream whose header block goes on in the next frame; 0 for none.
    private int _openBlock;
    private bool _blockEndsStream;
    private bool _hasSettings;

    // Answers wait for the client, and so do the frames that were not taken.
    private bool _isHeldBack;

    private int MostBlock => limits.Bytes + limits.StartLine;

    /// <summary>Reads until the client has ended, or nothing more is wanted.</summary>
    public async Task RunAsync(PipeReader input)
    {
        if (!await PassPrefaceAsync(input))
        {
            if (connection.IsOver)
            {
                return; // it took too long
            }

            connection.Fail(new Http2Exception(ErrorCode.Protocol, "not the preface of HTTP/2"));
        }

        while (!(connection.IsOver && client.IsToEnd))
        {
            // Whoever sends without reading is not read either.
            await connection.DrainedAsync();
            var result = await input.ReadAsync();
            var consumed = Take(result.Buffer);
            var rest = result.Buffer.GetPosition(consumed);
            input.AdvanceTo(rest, _isHeldBack ? rest : result.Buffer.End);
            if (result.IsCompleted || (connection.IsOver && result.IsCanceled && client.IsToEnd))
            {
                return;
            }
        }
    }

    /// <returns>False where it is another, or has not come in time.</returns>
    private async ValueTask<bool> PassPrefaceAsync(PipeReader input)
    {
        if (!await Http2Preface.IsNextAsync(input, client))
        {
            return false;
        }

        var result = await input.ReadAsync();
        input.AdvanceTo(result.Buffer.GetPosition(Http2Preface.Length));
        return true;
    }

    /// <returns>Bytes consumed.</returns>
    private long Take(in ReadOnlySequence<byte> received)
    {
        _isHeldBack = false;
        if (connection.IsOver)
        {
            return received.Length;
        }

        if (received.IsSingleSegment)
        {
            return Take(received.FirstSpan);
        }

        var length = (int)received.Length;
        var copy = ArrayPool<byte>.Shared.Rent(length);
        received.CopyTo(copy);
        try
        {
            return Take(copy.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(copy);
        }
    }

    private int Take(ReadOnlySpan<byte> received)
    {
        var consumed = 0;
        try
        {
            while (received.Length - consumed >= FrameHeader.Bytes && !connection.IsOver)
            {
                _isHeldBack = connection.IsFull;
                if (_isHeldBack)
                {
                    break;
                }

                var frame = FrameHeader.Read(received[consumed..]);
                Http2Exception.ThrowUnless(
                    frame.Length <= FrameHeader.MostPayload, ErrorCode.FrameSize, "a frame is larger than allowed");
                var end = consumed + FrameHeader.Bytes + frame.Length;
                if (end > received.Length)
                {
                    break;
                }

                Take(frame, received[(consumed + FrameHeader.Bytes)..end]);
                consumed = end;
            }
        }
        catch (Http2Exception e)
        {
            connection.Fail(e);
        }

        return connection.IsOver ? received.Length : consumed;
    }

    private void Take(in FrameHeader frame, ReadOnlySpan<byte> payload)
    {
        Http2Exception.ThrowUnless(
            _openBlock == 0 || (frame.Type == FrameType.Continuation && frame.Stream == _openBlock),
            ErrorCode.Protocol, "a header block was interrupted");
        Http2Exception.ThrowUnless(
            _hasSettings || frame.Type == FrameType.Settings, ErrorCode.Protocol, "no settings came first");
        Http2Exception.ThrowUnless(
            floods.MaySend(FrameHeader.Bytes + frame.Length, Carried(frame, payload), connection.AnsweredBytes),
            ErrorCode.EnhanceYourCalm, "frames that carry nothing");
        switch (frame.Type)
        {
            case FrameType.Data:
                OfStream(frame);
                var data = Unpadded(frame, payload);
                receiving.TakeData(frame.Stream, data, frame.Length - data.Length, frame.Has(FrameFlags.EndStream));
                break;
            case FrameType.Headers:
                OfStream(frame);
                TakeHeaders(frame, Unpadded(frame, payload));
                break;
            case FrameType.Continuation:
                Http2Exception.ThrowUnless(
                    _openBlock != 0, ErrorCode.Protocol, "a header block goes on that had not begun");
                TakeBlock(payload, frame.Has(FrameFlags.EndHeaders));
                break;
            case FrameType.Priority:
                OfStream(frame);
                Http2Exception.ThrowUnless(frame.Length == 5, ErrorCode.FrameSize, "PRIORITY of another length");
                break;
            case FrameType.Reset:
                OfStream(frame);
                Http2Exception.ThrowUnless(frame.Length == 4, ErrorCode.FrameSize, "RST_STREAM of another length");
                receiving.TakeReset(frame.Stream);
                break;
            case FrameType.PushPromise:
                throw new Http2Exception(ErrorCode.Protocol, "a client promised something");
            case FrameType.WindowUpdate:
                Http2Exception.ThrowUnless(frame.Length == 4, ErrorCode.FrameSize, "WINDOW_UPDATE of another length");
                receiving.TakeWindow(
                    frame.Stream, BinaryPrimitives.ReadInt32BigEndian(payload) & int.MaxValue);
                break;
            case FrameType.Settings or FrameType.Ping or FrameType.GoAway:
                Http2Exception.ThrowUnless(
                    frame.Stream == 0, ErrorCode.Protocol, "a stream was named to the connection");
                TakeOfConnection(frame, payload);
                break;
            default:
                break; // to be ignored (section 5.5)
        }
    }

    private void TakeOfConnection(in FrameHeader frame, ReadOnlySpan<byte> payload)
    {
        switch (frame.Type)
        {
            case FrameType.Ping:
                Http2Exception.ThrowUnless(frame.Length == 8, ErrorCode.FrameSize, "PING of another length");
                receiving.TakePing(payload, frame.Has(FrameFlags.Ack));
                break;
            case FrameType.Settings when frame.Has(FrameFlags.Ack):
                Http2Exception.ThrowUnless(
                    frame.Length == 0, ErrorCode.FrameSize, "an acknowledgement of settings with a payload");
                break;
            case FrameType.Settings:
                Http2Exception.ThrowUnless(frame.Length % 6 == 0, ErrorCode.FrameSize, "SETTINGS of another length");
                receiving.TakeSettings(payload, isFirst: !_hasSettings);
                _hasSettings = true;
                break;
            default:
                Http2Exception.ThrowUnless(frame.Length >= 8, ErrorCode.FrameSize, "GOAWAY of another length");
                break; // it ends when its last stream does
        }
    }

    private void TakeHeaders(in FrameHeader frame, ReadOnlySpan<byte> payload)
    {
        if (frame.Has(FrameFlags.Priority))
        {
            Http2Exception.ThrowUnless(payload.Length >= 5, ErrorCode.FrameSize, "HEADERS too small for a priority");
            payload = payload[5..];
        }

        Http2Exception.ThrowUnless(frame.Stream % 2 == 1, ErrorCode.Protocol, "a client opened a stream of a server");
        (_openBlock, _blockEndsStream) = (frame.Stream, frame.Has(FrameFlags.EndStream));
        if (frame.Has(FrameFlags.EndHeaders))
        {
            EndBlock(payload);
        }
        else
        {
            client.Enter(ClientPhase.Reading);
            TakeBlock(payload, isLast: false);
        }
    }

    private void TakeBlock(ReadOnlySpan<byte> part, bool isLast)
    {
        _block ??= new ArrayBufferWriter<byte>();
        Http2Exception.ThrowUnless(
            _block.WrittenCount + part.Length <= MostBlock, ErrorCode.EnhanceYourCalm, "an endless header block");
        _block.Write(part);
        if (isLast)
        {
            EndBlock(_block.WrittenSpan);
            _block = null;
        }
    }

    private void EndBlock(ReadOnlySpan<byte> block)
    {
        var stream = _openBlock;
        _openBlock = 0;
        Http2Exception.ThrowUnless(
            _fields.TryRead(block, receiving.BeginFields(stream)), ErrorCode.Compression, "an unreadable block");
        receiving.TakeFields(stream, _blockEndsStream);
    }

    private static int Carried(in FrameHeader frame, ReadOnlySpan<byte> payload) =>
        frame.Type is not (FrameType.Data or FrameType.Headers) ? 0
        : frame.Has(FrameFlags.Padded) && payload.Length > 0 ? Math.Max(0, payload.Length - 1 - payload[0])
        : payload.Length;

    private static void OfStream(in FrameHeader frame) =>
        Http2Exception.ThrowUnless(frame.Stream != 0, ErrorCode.Protocol, "a frame of a stream names none");

    private static ReadOnlySpan<byte> Unpadded(in FrameHeader frame, ReadOnlySpan<byte> payload)
    {
        if (!frame.Has(FrameFlags.Padded))
        {
            return payload;
        }

        Http2Exception.ThrowUnless(
            payload.Length > 0 && payload[0] < payload.Length, ErrorCode.Protocol, "more padding than frame");
        return payload[1..^payload[0]];
    }
}
