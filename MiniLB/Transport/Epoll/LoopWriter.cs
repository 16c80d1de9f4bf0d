using System.Buffers;
using System.IO.Pipelines;
using System.Threading.Tasks.Sources;

namespace MiniLB.Transport.Epoll;

/// <summary>Writes a client connection: a flush is over once everything was sent, or is to be sent at the end of the
/// loop's round.</summary>
/// <param name="socket">The connection's.</param>
internal sealed class LoopWriter(LoopSocket socket) : PipeWriter, IValueTaskSource<FlushResult>
{
    // A head and a small body fit in.
    private const int Small = 4 * 1024;

    private byte[] _buffer = [];

    // Its bytes follow those in the buffer.
    private SplicePipe? _pipe;
    private int _sent;
    private int _end;

    // The client takes nothing more.
    private bool _isGone;
    private ManualResetValueTaskSourceCore<bool> _flush;

    // The flush waits for what was accepted before, too.
    private bool _settles;

    // The loop may be sending what is in the buffer.
    private volatile bool _isWaiting;

    // Set by whoever wants the flush to return, taken by the flush.
    private int _isCancelled;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _end - _sent + (_pipe?.Length ?? 0);

    /// <summary>False where another thread than the connection's would write.</summary>
    public bool IsOnLoop => socket.Loop.IsCurrent;

    /// <summary>Sends what is in the buffer and these at once, without a copy of what the system takes.</summary>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        var waiting = _end - _sent;
        var sent = _isGone ? 0 : socket.Output.Send(_buffer.AsSpan(_sent, waiting), bytes);
        if (sent < waiting)
        {
            // The flush finds out where it is an error.
            _sent += Math.Max(sent, 0);
        }
        else
        {
            Release();
            bytes = bytes[(sent - waiting)..];
        }

        if (!bytes.IsEmpty)
        {
            bytes.CopyTo(GetSpan(bytes.Length));
            _end += bytes.Length;
        }
    }

    /// <summary>Has the flush that comes next send what is in a pipe too, which is its caller's.</summary>
    public void Send(SplicePipe pipe) => _pipe = pipe;

    public override void Advance(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)bytes, (uint)(_buffer.Length - _end), nameof(bytes));
        _end += bytes;
    }

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _buffer.AsMemory(_end);
    }

    public override Span<byte> GetSpan(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _buffer.AsSpan(_end);
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) =>
        cancellationToken.CanBeCanceled ? FlushUntilAsync(cancellationToken) : FlushAsync(settles: false);

    /// <summary>As a flush, and is over once nothing is left that was accepted before, as the end of a connection would
    /// leave it behind. Over at once while a flush waits that nobody waits for.</summary>
    public ValueTask<FlushResult> SettleAsync() => _isWaiting ? default : FlushAsync(settles: true);

    private ValueTask<FlushResult> FlushAsync(bool settles)
    {
        if (_isWaiting)
        {
            return ValueTask.FromException<FlushResult>(new InvalidOperationException("a flush is under way"));
        }

        _flush.Reset();
        _isWaiting = true;
        _settles = settles;
        if (!TryFlush())
        {
            return new ValueTask<FlushResult>(this, _flush.Version);
        }

        _isWaiting = false;
        return new ValueTask<FlushResult>(Result());
    }

    public override ValueTask<FlushResult> WriteAsync(
        ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        Send(source.Span);
        return FlushAsync(cancellationToken);
    }

    public override void CancelPendingFlush()
    {
        Volatile.Write(ref _isCancelled, 1);
        socket.Output.Wake();
    }

    public override void Complete(Exception? exception = null)
    {
        // While a flush waits the loop may be sending from the buffer.
        if (!_isWaiting)
        {
            if (exception is null && _end > _sent && !_isGone)
            {
                socket.Output.TrySend(_buffer.AsSpan(_sent, _end - _sent), mayWait: false, out _);
            }

            Release();
        }

        _isGone = true;
    }

    /// <summary>Goes on with a flush that waits.</summary>
    public void Resume()
    {
        if (TryFlush())
        {
            _isWaiting = false;
            _flush.SetResult(true);
        }
    }

    FlushResult IValueTaskSource<FlushResult>.GetResult(short token)
    {
        _flush.GetResult(token);
        return Result();
    }

    ValueTaskSourceStatus IValueTaskSource<FlushResult>.GetStatus(short token) => _flush.GetStatus(token);

    void IValueTaskSource<FlushResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _flush.OnCompleted(continuation, state, token, flags);

    private FlushResult Result() => new(
        Volatile.Read(ref _isCancelled) != 0 && Interlocked.Exchange(ref _isCancelled, 0) != 0, _isGone);

    /// <returns>False where the system takes no more now.</returns>
    private bool TryFlush()
    {
        while (HasUnsent && !_isGone && Volatile.Read(ref _isCancelled) == 0)
        {
            if (!TrySend(out var outcome))
            {
                return Waits();
            }

            _isGone = outcome < 0;
        }

        if (!HasUnsent || _isGone)
        {
            Release();
        }

        return !_settles || _isGone || Volatile.Read(ref _isCancelled) != 0 || !socket.Output.WaitsToSettle()
            || Waits();
    }

    // It may have been cancelled before there was anybody to wake.
    private bool Waits()
    {
        if (Volatile.Read(ref _isCancelled) != 0)
        {
            socket.Output.Wake();
        }

        return false;
    }

    private bool HasUnsent => _sent < _end || _pipe is { Length: > 0 };

    private bool TrySend(out int outcome)
    {
        if (_sent == _end)
        {
            return _pipe!.TryEmpty(socket, out outcome);
        }

        var hasSent = socket.Output.TrySend(_buffer.AsSpan(_sent, _end - _sent), mayWait: true, out outcome);
        _sent += hasSent ? Math.Max(outcome, 0) : 0;
        return hasSent;
    }

    private void Release()
    {
        (_sent, _end, _pipe) = (0, 0, null);
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }

    private void MakeRoom(int wanted)
    {
        wanted = Math.Max(wanted, 1);
        if (_buffer.Length - _end >= wanted)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Small, Math.Max(_buffer.Length * 2, _end + wanted)));
        _buffer.AsSpan(_sent, _end - _sent).CopyTo(larger);
        (_sent, _end) = (0, _end - _sent);
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        _buffer = larger;
    }

    private async ValueTask<FlushResult> FlushUntilAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        FlushResult result;
        await using (cancellationToken.UnsafeRegister(
            static w => ((LoopWriter)w!).CancelPendingFlush(), this))
        {
            result = await FlushAsync(CancellationToken.None);
        }

        if (cancellationToken.IsCancellationRequested)
        {
            Interlocked.Exchange(ref _isCancelled, 0);
            throw new OperationCanceledException(cancellationToken);
        }

        return result;
    }
}
