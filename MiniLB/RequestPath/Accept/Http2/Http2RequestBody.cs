using System.IO.Pipelines;
using MiniLB.Async;
using MiniLB.Config;
using MiniLB.RequestPath.Forward;

namespace MiniLB.RequestPath.Accept.Http2;

/// <summary>The body of an HTTP/2 request: the connection puts in what has come, whoever passes it on takes it
/// out.</summary>
/// <remarks>Whoever reads takes all that a read yields. How much may wait is bounded by the windows that the client
/// has.</remarks>
/// <param name="taken">Told how many bytes were taken.</param>
internal sealed class Http2RequestBody(Action<int> taken) : PipeReader
{
    // Whoever puts something in goes on with whoever waits for it.
    private static readonly PipeOptions Options = new(
        readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: 0,
        minimumSegmentSize: MemoryPlan.Current.IsTight ? 4 * 1024 : 16 * 1024, useSynchronizationContext: false);

    // Null where the request has none.
    private Pipe? _pipe;
    private long? _length;
    private long _most;
    private long _received;
    private int _unconsumed;
    private int _yielded;
    private bool _isReading;

    // Written and read by the connection alone.
    private bool _hasFailed;

    // Written by the exchange, read by the connection.
    private volatile bool _isOver;

    /// <summary>True once a byte of it has come.</summary>
    public bool HasBegun => Volatile.Read(ref _received) > 0;

    /// <param name="exists">False where the head was all.</param>
    /// <param name="length">As announced; null where it was not.</param>
    /// <param name="most">Bytes allowed; 0 means no limit.</param>
    public void Begin(bool exists, long? length, long most)
    {
        _pipe = exists ? new Pipe(Options) : null;
        (_length, _most, _received, _unconsumed) = (length, most, 0, 0);
        (_yielded, _isReading, _hasFailed, _isOver) = (0, false, false, false);
    }

    /// <summary>Puts in what has come.</summary>
    /// <returns>False where it is more than was announced.</returns>
    public bool TryAppend(ReadOnlySpan<byte> data)
    {
        _received += data.Length;
        Interlocked.Add(ref _unconsumed, data.Length);
        if (_received > _length)
        {
            return false;
        }

        if (_most > 0 && _received > _most)
        {
            Fail(ForwardError.RequestBodyTooLarge);
        }
        else if (!data.IsEmpty && !_hasFailed)
        {
            var writer = _pipe!.Writer;
            data.CopyTo(writer.GetSpan(data.Length));
            writer.Advance(data.Length);
            Put(writer.FlushAsync());
        }

        // The exchange may have ended at this moment: see End.
        if (_isOver && Interlocked.Exchange(ref _unconsumed, 0) is > 0 and var left)
        {
            taken(left);
        }

        return true;
    }

    /// <summary>The last has come.</summary>
    /// <returns>False where it is less than was announced.</returns>
    public bool TryEnd()
    {
        if (_length > _received)
        {
            return false;
        }

        if (!_hasFailed)
        {
            _pipe?.Writer.Complete();
        }

        return true;
    }

    /// <summary>Nothing more comes, and the request is not whole.</summary>
    public void Fail(ForwardError error)
    {
        if (_pipe is not null && !_hasFailed)
        {
            _hasFailed = true;
            _pipe.Writer.Complete(new RequestBodyException(error));
        }
    }

    /// <summary>Nobody reads any more.</summary>
    /// <returns>Bytes that nobody has taken.</returns>
    public int End()
    {
        _pipe?.Reader.Complete();
        _isOver = true;
        return Interlocked.Exchange(ref _unconsumed, 0);
    }

    /// <exception cref="RequestBodyException">The body is malformed, too large, or ends before its end.</exception>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
        ReadMoreAsync(cancellationToken).AsValueTask();

    private async FrameTask<ReadResult> ReadMoreAsync(CancellationToken cancellationToken)
    {
        if (_pipe is null)
        {
            return new ReadResult(default, isCanceled: false, isCompleted: true);
        }

        var result = await _pipe.Reader.ReadAsync(cancellationToken);
        if (result.IsCanceled)
        {
            _pipe.Reader.AdvanceTo(result.Buffer.Start);
            return new ReadResult(default, isCanceled: true, isCompleted: false);
        }

        (_isReading, _yielded) = (true, (int)result.Buffer.Length);
        return result;
    }

    public override bool TryRead(out ReadResult result) => throw new NotSupportedException();

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (!_isReading)
        {
            return;
        }

        _isReading = false;
        _pipe!.Reader.AdvanceTo(consumed, examined);
        if (_yielded > 0)
        {
            Interlocked.Add(ref _unconsumed, -_yielded);
            taken(_yielded);
        }
    }

    public override void CancelPendingRead() => _pipe?.Reader.CancelPendingRead();

    public override void Complete(Exception? exception = null)
    {
        // It ends with its stream.
    }

    // It never waits: there is no threshold.
    private static void Put(ValueTask<FlushResult> flush) => flush.GetAwaiter().GetResult();
}
