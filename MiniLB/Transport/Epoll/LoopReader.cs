using System.Buffers;
using System.IO.Pipelines;
using System.Threading.Tasks.Sources;
using Microsoft.AspNetCore.Connections;

namespace MiniLB.Transport.Epoll;

/// <summary>Reads a client connection: nothing is received before somebody asks for it, and what waits holds no
/// memory.</summary>
/// <param name="socket">The connection's.</param>
internal sealed class LoopReader(LoopSocket socket) : PipeReader, IValueTaskSource<ReadResult>
{
    private PipeBuffer _buffer = new();
    private bool _hasEnded;
    private Exception? _failure;
    private ManualResetValueTaskSourceCore<bool> _read;

    // The loop may be receiving into the buffer.
    private volatile bool _isWaiting;

    // Set by whoever wants the read to return, taken by the read.
    private int _isCancelled;

    // Written by whoever aborts, before the socket is closed.
    private volatile ConnectionAbortedException? _abortReason;

    /// <summary>Called where a read finds the end or the break of the connection.</summary>
    public Action? Ended { get; init; }

    /// <summary>What goes on once the read is over; null where nothing waits for it.</summary>
    public object? Waiting { get; private set; }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.CanBeCanceled)
        {
            return ReadUntilAsync(cancellationToken);
        }

        _read.Reset();
        _isWaiting = true;
        if (!TryFill())
        {
            return new ValueTask<ReadResult>(this, _read.Version);
        }

        _isWaiting = false;
        return _failure is null
            ? new ValueTask<ReadResult>(Result())
            : ValueTask.FromException<ReadResult>(_failure);
    }

    /// <remarks>Looks below whatever was told: whoever closes a connection wants to know what it holds.</remarks>
    public override bool TryRead(out ReadResult result)
    {
        Look();
        if (HasNews)
        {
            result = _failure is null ? Result() : throw _failure;
            return true;
        }

        _buffer.Release();
        result = default;
        return false;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) =>
        _buffer.AdvanceTo(consumed, examined);

    public override void CancelPendingRead()
    {
        Volatile.Write(ref _isCancelled, 1);
        socket.WakeReader();
    }

    public override void Complete(Exception? exception = null)
    {
        _hasEnded = true;
        if (!_isWaiting)
        {
            _buffer.Clear();
        }
    }

    /// <summary>Has every read fail from now on.</summary>
    public void Abort(ConnectionAbortedException reason) => _abortReason = reason;

    /// <summary>Goes on with a read that waits.</summary>
    public void Resume()
    {
        if (!TryFill())
        {
            return;
        }

        _isWaiting = false;
        if (_failure is null)
        {
            _read.SetResult(true);
        }
        else
        {
            _read.SetException(_failure);
        }
    }

    ReadResult IValueTaskSource<ReadResult>.GetResult(short token)
    {
        Waiting = null;
        _read.GetResult(token);
        return Result();
    }

    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) => _read.GetStatus(token);

    void IValueTaskSource<ReadResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        Waiting = state;
        _read.OnCompleted(continuation, state, token, flags);
    }

    private ReadResult Result() => new(
        _buffer.Sequence,
        Volatile.Read(ref _isCancelled) != 0 && Interlocked.Exchange(ref _isCancelled, 0) != 0, _hasEnded);

    private bool HasNews =>
        Volatile.Read(ref _isCancelled) != 0 || _buffer.HasNews || _hasEnded || _failure is not null;

    private void Look()
    {
        if (_buffer.HasNews || _hasEnded || _failure is not null)
        {
            return;
        }

        if (socket.ReceiveAtOnce(_buffer.Room()) is var outcome and not -EpollMethods.TryAgain)
        {
            Take(outcome);
        }
    }

    /// <returns>False where there is nothing yet.</returns>
    private bool TryFill()
    {
        if (Volatile.Read(ref _isCancelled) != 0)
        {
            // Whoever gives up waiting is not to miss what has come meanwhile.
            Look();
        }

        while (!HasNews)
        {
            if (!socket.MayReceive)
            {
                // Before the wait: whoever resumes goes on with all of this at once, on another thread.
                _buffer.Release();
                if (socket.WaitsForInput())
                {
                    return Waits();
                }
            }

            if (!socket.TryReceive(_buffer.Room(), out var outcome))
            {
                return Waits();
            }

            Take(outcome);
        }

        return true;
    }

    // It may have been cancelled before there was anybody to wake.
    private bool Waits()
    {
        if (Volatile.Read(ref _isCancelled) != 0)
        {
            socket.WakeReader();
        }

        return false;
    }

    private void Take(int outcome)
    {
        if (outcome > 0)
        {
            _buffer.Received(outcome);
            return;
        }

        if (outcome == 0 && _abortReason is null)
        {
            _hasEnded = true;
        }
        else
        {
            _failure = (Exception?)_abortReason ?? SocketErrors.Exception(outcome);
        }

        Ended?.Invoke();
    }

    private async ValueTask<ReadResult> ReadUntilAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ReadResult result;
        await using (cancellationToken.UnsafeRegister(
            static r => ((LoopReader)r!).CancelPendingRead(), this))
        {
            result = await ReadAsync(CancellationToken.None);
        }

        if (cancellationToken.IsCancellationRequested)
        {
            Interlocked.Exchange(ref _isCancelled, 0);
            AdvanceTo(result.Buffer.Start); // the next read gets it
            throw new OperationCanceledException(cancellationToken);
        }

        return result;
    }
}
