using System.Buffers;
using System.IO.Pipelines;
using MiniLB.Async;
using MiniLB.Transport;
using MiniLB.Transport.OpenSsl;

namespace MiniLB.RequestPath.Accept.Tls;

/// <summary>Reads what a client says through TLS. While it waits it holds no memory.</summary>
/// <param name="input">What comes on the connection.</param>
/// <param name="session">Decrypts it.</param>
internal sealed class TlsReader(PipeReader input, SslSession session) : PipeReader
{
    private PipeBuffer _buffer = new();

    // The last read has filled its room: OpenSSL may hold more of the same record.
    private bool _mayHoldMore;
    private bool _hasEnded;
    private IOException? _failure;

    // Set by whoever wants the read to return, taken by the read.
    private int _isCancelled;

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
        ReadMoreAsync(cancellationToken).AsValueTask();

    private async FrameTask<ReadResult> ReadMoreAsync(CancellationToken cancellationToken)
    {
        while (!HasNews)
        {
            if (_mayHoldMore)
            {
                Decrypt(default);
                continue;
            }

            _buffer.Release();
            Take(await input.ReadAsync(cancellationToken));
        }

        return Result();
    }

    public override bool TryRead(out ReadResult result)
    {
        if (!HasNews && _mayHoldMore)
        {
            Decrypt(default);
        }

        while (!HasNews && input.TryRead(out var read))
        {
            Take(read);
        }

        result = HasNews ? Result() : default;
        return HasNews || result.IsCanceled || !result.Buffer.IsEmpty;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) =>
        _buffer.AdvanceTo(consumed, examined);

    public override void CancelPendingRead()
    {
        Volatile.Write(ref _isCancelled, 1);
        input.CancelPendingRead();
    }

    public override void Complete(Exception? exception = null)
    {
        _hasEnded = true;
        _buffer.Clear();
    }

    private bool HasNews =>
        _buffer.HasNews || _hasEnded || _failure is not null || Volatile.Read(ref _isCancelled) != 0;

    private ReadResult Result()
    {
        var isCancelled = Interlocked.Exchange(ref _isCancelled, 0) != 0;
        return _failure is not null && !_buffer.HasNews && !isCancelled
            ? throw _failure
            : new ReadResult(_buffer.Sequence, isCancelled, _hasEnded);
    }

    private void Take(in ReadResult read)
    {
        var rest = read.Buffer;
        while (!rest.IsEmpty && !HasNews)
        {
            rest = rest.Slice(Decrypt(rest.FirstSpan));
        }

        // What was not looked at comes again.
        input.AdvanceTo(rest.Start, rest.Start);
        _hasEnded |= read.IsCompleted && rest.IsEmpty && !_mayHoldMore;
    }

    /// <returns>Bytes that were read of what came.</returns>
    private int Decrypt(ReadOnlySpan<byte> came)
    {
        var room = _buffer.Room();
        var outcome = session.Read(came, out var consumed, room, out var count);
        _buffer.Received(count);
        _mayHoldMore = count == room.Length;
        _hasEnded |= outcome == SslOutcome.Ended;
        if (outcome == SslOutcome.Failed)
        {
            _failure = new IOException(session.Problem ?? "TLS has failed");
        }

        return consumed;
    }
}
