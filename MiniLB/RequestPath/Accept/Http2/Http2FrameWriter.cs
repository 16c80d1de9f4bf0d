using System.Buffers;
using System.Buffers.Binary;
using MiniLB.Wire;
using MiniLB.Wire.Http2;

namespace MiniLB.RequestPath.Accept.Http2;

/// <summary>Writes frames into the output of one connection; all of it with the connection's gate.</summary>
internal sealed class Http2FrameWriter(Http2Output output)
{
    // An empty table of fields, which begins a header block (RFC 7541 section 6.3).
    private const byte EmptyTable = 0x20;

    private bool _isTableGone;
    private bool _mustTellTable;

    public void Write(FrameType type, FrameFlags flags, int stream, ReadOnlySpan<byte> payload)
    {
        var to = output.Reserve(FrameHeader.Bytes + payload.Length);
        new FrameHeader(payload.Length, type, flags, stream).Write(to);
        payload.CopyTo(to[FrameHeader.Bytes..]);
        output.Advance(FrameHeader.Bytes + payload.Length);
    }

    public void WriteReset(int stream, ErrorCode code) => Write(FrameType.Reset, stream, (uint)code);

    /// <param name="stream">0 for the connection.</param>
    /// <param name="bytes">That the client may send beside what it could.</param>
    public void WriteWindow(int stream, int bytes) => Write(FrameType.WindowUpdate, stream, (uint)bytes);

    /// <param name="last">The last stream that is served, or may be.</param>
    /// <param name="code">Why.</param>
    public void WriteGoAway(int last, ErrorCode code)
    {
        Span<byte> payload = stackalloc byte[8];
        BinaryPrimitives.WriteInt32BigEndian(payload, last);
        BinaryPrimitives.WriteUInt32BigEndian(payload[4..], (uint)code);
        Write(FrameType.GoAway, FrameFlags.None, 0, payload);
    }

    /// <param name="stream">Which.</param>
    /// <param name="fields">Those that pass are written.</param>
    /// <param name="status">Where it is final, a date is added to fields without one.</param>
    /// <param name="ends">True where nothing follows.</param>
    public void WriteHead(int stream, FieldList fields, int status, bool ends)
    {
        var block = BlockOf(fields);
        var written = TellTable(block);
        written += HpackEncoder.WriteStatus(status, block[written..]);
        written += WriteFields(fields, status is >= 200 and not 204, block[written..]);
        if (status >= 200 && !fields.Has(FieldId.Date))
        {
            written += HpackEncoder.Write("date"u8, DateField.Value, block[written..]);
        }

        WriteBlock(stream, written, ends);
    }

    /// <summary>Ends a stream, with its trailers where there are any.</summary>
    public void WriteEnd(int stream, FieldList? trailers)
    {
        if (trailers is not null)
        {
            var block = BlockOf(trailers);
            var told = TellTable(block);
            var written = WriteFields(trailers, withLength: false, block[told..]);
            if (written > 0)
            {
                WriteBlock(stream, told + written, ends: true);
                return;
            }

            _mustTellTable |= told > 0;
        }

        Write(FrameType.Data, FrameFlags.EndStream, stream, default);
    }

    /// <summary>The client has said how large a table of fields it keeps. The next block says that none is used, which
    /// then holds for good (RFC 7541 section 4.2).</summary>
    public void LimitTable()
    {
        _mustTellTable |= !_isTableGone;
        _isTableGone = true;
    }

    private void Write(FrameType type, int stream, uint number)
    {
        Span<byte> payload = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(payload, number);
        Write(type, FrameFlags.None, stream, payload);
    }

    private Span<byte> BlockOf(FieldList fields)
    {
        var most = 1 + HpackEncoder.StatusBytes + HpackEncoder.MostBytes("date".Length, DateField.Value.Length);
        for (var i = 0; i < fields.Count; i++)
        {
            most += HpackEncoder.MostBytes(fields[i].Name.Length, fields[i].Value.Length);
        }

        return output.Reserve(FrameHeader.Bytes + most)[FrameHeader.Bytes..];
    }

    private int TellTable(Span<byte> block)
    {
        if (!_mustTellTable)
        {
            return 0;
        }

        _mustTellTable = false;
        block[0] = EmptyTable;
        return 1;
    }

    private static int WriteFields(FieldList fields, bool withLength, Span<byte> block)
    {
        var written = 0;
        for (var i = 0; i < fields.Count; i++)
        {
            var field = fields[i];
            if (field.Passes && (withLength || field.Id != FieldId.ContentLength))
            {
                written += HpackEncoder.Write(field.Name, field.Value, block[written..]);
            }
        }

        return written;
    }

    /// <summary>Makes frames of the block that stands in the output behind the room for a frame's header.</summary>
    private void WriteBlock(int stream, int length, bool ends)
    {
        var flags = ends ? FrameFlags.EndStream : FrameFlags.None;
        if (length <= FrameHeader.MostPayload)
        {
            new FrameHeader(length, FrameType.Headers, flags | FrameFlags.EndHeaders, stream)
                .Write(output.Reserve(FrameHeader.Bytes + length));
            output.Advance(FrameHeader.Bytes + length);
            return;
        }

        var block = ArrayPool<byte>.Shared.Rent(length);
        output.Reserve(FrameHeader.Bytes + length)[FrameHeader.Bytes..].CopyTo(block);
        for (var start = 0; start < length; start += FrameHeader.MostPayload)
        {
            var part = block.AsSpan(start, Math.Min(FrameHeader.MostPayload, length - start));
            Write(
                start == 0 ? FrameType.Headers : FrameType.Continuation,
                (start == 0 ? flags : 0) | (start + part.Length == length ? FrameFlags.EndHeaders : 0), stream, part);
        }

        ArrayPool<byte>.Shared.Return(block);
    }
}
