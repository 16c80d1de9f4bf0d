using System.Buffers;
using System.IO.Pipelines;
using MiniLB.Async;
using MiniLB.State;
using MiniLB.Wire;

namespace MiniLB.RequestPath.Accept;

/// <summary>Reads request heads off a connection, one at a time.</summary>
internal sealed class RequestHeadReader(PipeReader input, ClientConnection connection, HeadLimits limits)
{
    // Empty lines before a request line are to be ignored (RFC 9112 section 2.2); endless ones are not.
    private const int MostLeadingBytes = 8;

    /// <param name="head">Receives what was read, as far as it could be.</param>
    public async FrameTask<HeadRefusal> ReadAsync(RequestHead head)
    {
        ReadResult result;
        while (true)
        {
            if (!connection.IsToEnd)
            {
                result = await input.ReadAsync();
            }
            else if (!input.TryRead(out result))
            {
                return HeadRefusal.ConnectionEnds;
            }

            var buffer = result.Buffer;
            head.Clear();
            var error = WireError.None;
            if (TryRead(buffer, head, out var consumed, ref error))
            {
                input.AdvanceTo(consumed);
                return RefusalOf(error);
            }

            input.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted)
            {
                return HeadRefusal.ConnectionEnds;
            }

            if (HasBegun(buffer))
            {
                connection.BeginHead();
            }

            if (connection.HasTimedOut || (connection.ClosesWhenIdle && buffer.IsEmpty))
            {
                return connection.HasTimedOut && HasBegun(buffer) ? HeadRefusal.Timeout : HeadRefusal.ConnectionEnds;
            }
        }
    }

    // Some clients send an empty line after a body; the next request has not begun with it.
    private static bool HasBegun(in ReadOnlySequence<byte> buffer) =>
        buffer.Length > MostLeadingBytes || (!buffer.IsEmpty && buffer.FirstSpan[0] != '\r');

    /// <returns>True where a head was read, or what has arrived can never become one.</returns>
    private bool TryRead(
        in ReadOnlySequence<byte> buffer, RequestHead head, out SequencePosition consumed, ref WireError error)
    {
        consumed = buffer.Start;
        if (buffer.IsEmpty)
        {
            return false;
        }

        if (buffer.IsSingleSegment)
        {
            return TryRead(buffer.FirstSpan, head, buffer, ref consumed, ref error);
        }

        // A head that arrived in pieces; no more of it than a head may have.
        var most = limits.StartLine + limits.Bytes + MostLeadingBytes + 4;
        var length = (int)Math.Min(buffer.Length, most);
        var copy = ArrayPool<byte>.Shared.Rent(length);
        buffer.Slice(0, length).CopyTo(copy);
        try
        {
            return TryRead(copy.AsSpan(0, length), head, buffer, ref consumed, ref error);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(copy);
        }
    }

    private bool TryRead(
        ReadOnlySpan<byte> received, RequestHead head, in ReadOnlySequence<byte> buffer, ref SequencePosition consumed,
        ref WireError error)
    {
        var start = 0;
        while (start < MostLeadingBytes && received[start..].StartsWith("\r\n"u8))
        {
            start += 2;
        }

        received = received[start..];
        var length = FieldLines.HeadLength(received);
        if (length < 0)
        {
            error = RequestHeadParser.CheckPart(received, limits, head);
            return error != WireError.None;
        }

        consumed = buffer.GetPosition(start + length);
        error = RequestHeadParser.Parse(received[..length], limits, head);
        return true;
    }

    private static HeadRefusal RefusalOf(WireError error) => error switch
    {
        WireError.None => HeadRefusal.None,
        WireError.StartLineTooLong => HeadRefusal.StartLineTooLong,
        WireError.HeadTooLarge or WireError.TooManyFields => HeadRefusal.HeadTooLarge,
        WireError.Version => HeadRefusal.Version,
        WireError.TransferCoding => HeadRefusal.TransferCoding,
        WireError.Expectation => HeadRefusal.Expectation,
        _ => HeadRefusal.Malformed,
    };
}
