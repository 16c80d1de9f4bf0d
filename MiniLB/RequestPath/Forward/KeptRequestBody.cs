using System.Buffers;
using System.IO.Pipelines;

namespace MiniLB.RequestPath.Forward;

/// <summary>A request body that can be sent a second time, as long as what was read of it fits into its
/// limit.</summary>
/// <remarks>What its reader consumes is kept; after <see cref="Rewind"/> that comes first, then whatever the client
/// sends
/// next. One reader at a time, and nobody reads while it is rewound.</remarks>
internal sealed class KeptRequestBody : PipeReader
{
    private const int FirstSize = 4 * 1024;

    private PipeReader _inner = null!;
    private byte[]? _kept;
    private long _most;
    private int _count;
    private int _position;
    private bool _isLost;
    private bool _isReplaying;
    private bool _innerIsComplete;
    private ReadOnlySequence<byte> _read;
    private bool _readIsLast;

    /// <summary>True while all that was consumed can be read again.</summary>
    public bool CanRewind => !_isLost;

    /// <summary>Bytes that were consumed and are kept.</summary>
    public int Count => _count;

    /// <param name="inner">The client's body, of which nothing has been read.</param>
    /// <param name="most">Bytes to keep at most.</param>
    public void Begin(PipeReader inner, long most)
    {
        Release();
        (_inner, _most, _isLost, _innerIsComplete) = (inner, most, false, false);
    }

    /// <summary>Begins anew with the first byte.</summary>
    public void Rewind() => _position = 0;

    /// <summary>Gives back what is kept.</summary>
    public void Release()
    {
        if (_kept is not null)
        {
            ArrayPool<byte>.Shared.Return(_kept);
            _kept = null;
        }

        (_count, _position) = (0, 0);
        _isLost = true;
        _read = default;
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
            return;
        }

        Keep(taken);
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

    private void Keep(ReadOnlySequence<byte> taken)
    {
        if (_isLost || taken.IsEmpty)
        {
            return;
        }

        if (_count + taken.Length > _most)
        {
            Release();
            return;
        }

        MakeRoom((int)taken.Length);
        taken.CopyTo(_kept.AsSpan(_count));
        _count += (int)taken.Length;
        _position = _count;
    }

    private void MakeRoom(int more)
    {
        if (_kept is not null && _count + more <= _kept.Length)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(FirstSize, Math.Max(_count + more, 2 * _count)));
        if (_kept is not null)
        {
            _kept.AsSpan(0, _count).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_kept);
        }

        _kept = larger;
    }
}
