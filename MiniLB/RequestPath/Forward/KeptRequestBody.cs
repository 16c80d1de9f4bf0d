using System.Buffers;
using System.IO.Pipelines;

namespace MiniLB.RequestPath.Forward;

/// <summary>A request body that can be sent a second time, as long as what was read of it fits into its
/// limit.</summary>
/// <remarks>What its reader consumes is kept; after <see cref="Rewind"/> that comes first, then whatever the client
/// sends next. One reader at a time, and nobody reads while it is rewound; what is kept may be given up beside the
/// reader.</remarks>
internal sealed class KeptRequestBody(ArrayPool<byte> buffers) : PipeReader
{
    private const int FirstSize = 4 * 1024;

    // Who has the buffer. The reader holds it while it writes into it or has yet to read it again; once nobody does,
    // whoever gives up takes it away. Neither ever waits for the other.
    private const int Free = 0;
    private const int OfReader = 1;
    private const int Gone = 2;

    private PipeReader _inner = null!;
    private byte[]? _kept;
    private long _most;
    private int _count;
    private int _position;
    private int _owner = Gone;
    private bool _isReplaying;
    private bool _innerIsComplete;
    private ReadOnlySequence<byte> _read;
    private bool _readIsLast;

    // Written by the reader past the limit, and by whoever passes on the answer.
    private volatile bool _isGivenUp = true;

    /// <summary>True while all that was consumed can be read again.</summary>
    public bool CanRewind => !_isGivenUp;

    /// <param name="inner">The client's body, of which nothing has been read.</param>
    /// <param name="most">Bytes to keep at most.</param>
    public void Begin(PipeReader inner, long most)
    {
        Release();
        (_inner, _most, _innerIsComplete, _isGivenUp, _owner) = (inner, most, false, false, Free);
    }

    /// <summary>Begins anew with the first byte.</summary>
    public void Rewind()
    {
        if (_isGivenUp)
        {
            throw new InvalidOperationException("what was read of the body is not kept");
        }

        _position = 0;
        _owner = _count > 0 ? OfReader : Free;
    }

    /// <summary>Keeps no more: nobody will rewind it. What is being read again is read to its end first.</summary>
    public void GiveUp()
    {
        _isGivenUp = true;
        Interlocked.MemoryBarrier(); // against LetGo: one of the two sees the other
        ReturnIfFree();
    }

    /// <summary>Gives back what is kept, at the end of the exchange.</summary>
    public void Release()
    {
        if (_owner == OfReader)
        {
            // After a defect it may still be sent from: whoever is given it next must not write there.
            _kept = null;
        }

        _isGivenUp = true;
        (_count, _position, _owner) = (0, 0, Gone);
        _read = default;
        Return();
    }

    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        _isReplaying = _position < _count;
        if (_isReplaying)
        {
            _read = new ReadOnlySequence<byte>(_kept!, _position, _count - _position);
            return new ReadResult(_read, isCanceled: false, isCompleted: _innerIsComplete);
        }

        var result = await _inner.ReadAsync(cancellationToken);
        (_read, _readIsLast) = (result.Buffer, result.IsCompleted);
        return result;
    }

    public override bool TryRead(out ReadResult result) => throw new NotSupportedException();

    public override void AdvanceTo(SequencePosition consumed)
    {
        var taken = _read.Slice(_read.Start, consumed);
        if (_isReplaying)
        {
            _position += (int)taken.Length;
            if (_position == _count)
            {
                LetGo();
            }

            return;
        }

        if (!taken.IsEmpty && Interlocked.CompareExchange(ref _owner, OfReader, Free) == Free)
        {
            Keep(taken);
            LetGo();
        }

        _innerIsComplete |= _readIsLast && taken.Length == _read.Length;
        _read = default;
        _inner.AdvanceTo(consumed);
    }

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => AdvanceTo(consumed);

    public override void CancelPendingRead() => _inner.CancelPendingRead();

    public override void Complete(Exception? exception = null)
    {
        // The client's body is the exchange's to end.
    }

    private void Keep(in ReadOnlySequence<byte> taken)
    {
        if (_isGivenUp || taken.Length > _most - _count)
        {
            _isGivenUp = true;
            return;
        }

        MakeRoom((int)taken.Length);
        taken.CopyTo(_kept.AsSpan(_count));
        _count += (int)taken.Length;
        _position = _count;
    }

    private void LetGo()
    {
        Interlocked.Exchange(ref _owner, Free);
        if (_isGivenUp)
        {
            ReturnIfFree();
        }
    }

    private void ReturnIfFree()
    {
        if (Interlocked.CompareExchange(ref _owner, Gone, Free) == Free)
        {
            Return();
        }
    }

    private void Return()
    {
        if (_kept is { } kept)
        {
            _kept = null;
            buffers.Return(kept);
        }
    }

    private void MakeRoom(int more)
    {
        if (_kept is not null && _count + more <= _kept.Length)
        {
            return;
        }

        var wanted = Math.Max(FirstSize, Math.Max(_count + more, 2 * _count));
        var larger = buffers.Rent((int)Math.Min(wanted, _most));
        _kept.AsSpan(0, _count).CopyTo(larger);
        Return();
        _kept = larger;
    }
}
