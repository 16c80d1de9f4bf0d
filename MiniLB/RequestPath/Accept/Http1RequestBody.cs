using System.Buffers;
using System.IO.Pipelines;
using MiniLB.Async;
using MiniLB.RequestPath.Forward;
using MiniLB.State;
using MiniLB.Wire;

namespace MiniLB.RequestPath.Accept;

/// <summary>The body of an HTTP/1.x request without its framing. What follows it stays in the connection's
/// input.</summary>
/// <remarks>Whoever reads takes all that a read yields: the framing around it has been read already.</remarks>
internal sealed class Http1RequestBody(PipeReader input) : PipeReader
{
    // What is thrown away of a body that nobody read, to keep the connection for another request.
    private const long MostDiscarded = 256 * 1024;

    private ChunkedDecoder? _chunked;
    private BodyFraming _framing;
    private long _left;
    private long _most;
    private long _total;
    private long _yielded;

    public FieldList Trailers => Decoder.Trailers;

    // Most connections never need one.
    private ChunkedDecoder Decoder => _chunked ??= new ChunkedDecoder();

    /// <summary>True once a byte of the body was read.</summary>
    public bool HasBegun => _total > 0;

    public bool IsComplete => _framing switch
    {
        BodyFraming.Length => _left == 0,
        BodyFraming.Chunked => Decoder.IsDone,
        _ => true,
    };

    /// <param name="head">The head that announces it.</param>
    /// <param name="most">Bytes allowed; 0 means no limit.</param>
    /// <param name="trailers">How large the trailers may be.</param>
    public void Begin(RequestHead head, long most, in HeadLimits trailers)
    {
        (_framing, _left, _most, _total, _yielded) = (head.Framing, head.ContentLength, most, 0, 0);
        if (_framing == BodyFraming.Chunked)
        {
            Decoder.Begin(trailers);
        }
    }

    /// <exception cref="RequestBodyException">The body is malformed, too large, or ends before its end.</exception>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
        ReadMoreAsync(cancellationToken).AsValueTask();

    private async FrameTask<ReadResult> ReadMoreAsync(CancellationToken cancellationToken)
    {
        while (!IsComplete)
        {
            var result = await input.ReadAsync(cancellationToken);
            if (result.IsCanceled)
            {
                input.AdvanceTo(result.Buffer.Start);
                return new ReadResult(default, isCanceled: true, isCompleted: false);
            }

            var data = _framing == BodyFraming.Length
                ? result.Buffer.Slice(0, Math.Min(_left, result.Buffer.Length))
                : Decode(result.Buffer);
            if (!data.IsEmpty)
            {
                return Yield(data);
            }

            if (_framing == BodyFraming.Length)
            {
                input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            }

            if (result.IsCompleted && !IsComplete)
            {
                throw new RequestBodyException(ForwardError.ClientGone);
            }
        }

        return new ReadResult(default, isCanceled: false, isCompleted: true);
    }

    public override bool TryRead(out ReadResult result) => throw new NotSupportedException();

    public override void AdvanceTo(SequencePosition consumed)
    {
        if (_yielded > 0)
        {
            _left -= _framing == BodyFraming.Length ? _yielded : 0;
            _yielded = 0;
            input.AdvanceTo(consumed);
        }
    }

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => AdvanceTo(consumed);

    public override void CancelPendingRead() => input.CancelPendingRead();

    public override void Complete(Exception? exception = null)
    {
        // The input goes on with the next request.
    }

    /// <summary>Reads what nobody wants, within limits.</summary>
    /// <param name="connection">Says when to give up.</param>
    /// <returns>True where the body's end was reached.</returns>
    public async ValueTask<bool> DiscardAsync(ClientConnection connection)
    {
        if (_left > MostDiscarded)
        {
            return false;
        }

        try
        {
            for (var discarded = 0L; !IsComplete && discarded <= MostDiscarded;)
            {
                var read = await ReadAsync();
                if (read.IsCanceled)
                {
                    // A wake-up meant for whoever passed the body on may have been left over.
                    if (connection.IsToEnd)
                    {
                        return false;
                    }

                    continue;
                }

                discarded += read.Buffer.Length;
                AdvanceTo(read.Buffer.End);
            }
        }
        catch (Exception e) when (e is RequestBodyException or IOException)
        {
            return false;
        }

        return IsComplete;
    }

    private ReadOnlySequence<byte> Decode(ReadOnlySequence<byte> buffer)
    {
        var rest = buffer;
        while (!rest.IsEmpty && !Decoder.IsDone)
        {
            var data = Decoder.Decode(rest.FirstSpan, out var consumed);
            if (Decoder.Error != WireError.None)
            {
                input.AdvanceTo(rest.Start);
                throw new RequestBodyException(Decoder.Error == WireError.HeadTooLarge
                    || Decoder.Error == WireError.TooManyFields
                        ? ForwardError.RequestTrailersTooLarge
                        : ForwardError.RequestBodyInvalid);
            }

            var length = data.Length;
            if (length > 0)
            {
                return rest.Slice(consumed - length, length);
            }

            rest = rest.Slice(consumed);
        }

        input.AdvanceTo(rest.Start, Decoder.IsDone ? rest.Start : buffer.End);
        return default;
    }

    private bool IsTooLarge(long bytes) => _most > 0 && bytes > _most;

    private ReadResult Yield(ReadOnlySequence<byte> data)
    {
        _yielded = data.Length;
        _total += data.Length;
        if (IsTooLarge(_total))
        {
            AdvanceTo(data.End);
            throw new RequestBodyException(ForwardError.RequestBodyTooLarge);
        }

        var isLast = _framing == BodyFraming.Length && _yielded == _left;
        return new ReadResult(data, isCanceled: false, isCompleted: isLast);
    }
}
