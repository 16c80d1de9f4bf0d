using System.Threading.Tasks.Sources;

namespace MiniLB.Transport.Epoll;

/// <summary>The write of a <see cref="LoopStream"/>, used again for each, and its wait for a connection before the
/// first.</summary>
internal sealed class LoopWrite(LoopSocket socket) : IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> _source;
    private ReadOnlyMemory<byte> _unsent;
    private bool _isConnecting;
    private bool _isSettling;

    // Whoever says the end of TLS does not wait for a write that the other side does not take.
    private int _isBusy;

    // Set by whoever gives it up, read by the loop.
    private volatile bool _isGivenUp;

    /// <summary>Waits until the system has connected the socket, or failed to.</summary>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    public async ValueTask ConnectAsync(CancellationToken cancellationToken)
    {
        _isConnecting = true;
        _source.Reset();
        if (socket.Output.Waits())
        {
            await UntilAsync(new ValueTask(this, _source.Version), cancellationToken);
        }

        _isConnecting = false;
    }

    /// <exception cref="IOException">The connection broke, was closed here, or is being written to.</exception>
    public ValueTask RunAsync(ReadOnlyMemory<byte> bytes)
    {
        if (Interlocked.Exchange(ref _isBusy, 1) != 0)
        {
            return ValueTask.FromException(new IOException("another write is under way"));
        }

        _unsent = bytes;
        _source.Reset();
        if (!TrySend(out var outcome))
        {
            return new ValueTask(this, _source.Version);
        }

        Volatile.Write(ref _isBusy, 0);
        return outcome >= 0 ? default : ValueTask.FromException(SocketErrors.Exception(outcome));
    }

    /// <exception cref="OperationCanceledException">It was given up.</exception>
    /// <exception cref="IOException">The connection broke, or was closed here.</exception>
    public async ValueTask RunUntilAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await UntilAsync(RunAsync(bytes), cancellationToken);
    }

    /// <summary>Waits until what was written before has left, or cannot any more.</summary>
    public ValueTask SettleAsync()
    {
        if (Interlocked.Exchange(ref _isBusy, 1) != 0)
        {
            return default; // it is written to, and so has not ended
        }

        _isSettling = true;
        _source.Reset();
        if (socket.Output.WaitsToSettle())
        {
            return new ValueTask(this, _source.Version);
        }

        _isSettling = false;
        Volatile.Write(ref _isBusy, 0);
        return default;
    }

    /// <summary>Goes on where it waits.</summary>
    public void Resume()
    {
        if (_isGivenUp)
        {
            Volatile.Write(ref _isBusy, 0);
            _source.SetException(new OperationCanceledException());
        }
        else if (_isConnecting)
        {
            _source.SetResult(true);
        }
        else if (_isSettling)
        {
            if (!socket.Output.WaitsToSettle())
            {
                _isSettling = false;
                Volatile.Write(ref _isBusy, 0);
                _source.SetResult(true);
            }
        }
        else if (TrySend(out var outcome))
        {
            Volatile.Write(ref _isBusy, 0);
            if (outcome >= 0)
            {
                _source.SetResult(true);
            }
            else
            {
                _source.SetException(SocketErrors.Exception(outcome));
            }
        }
    }

    void IValueTaskSource.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    /// <returns>False where the system takes no more now.</returns>
    private bool TrySend(out int outcome)
    {
        outcome = 0;
        while (!_unsent.IsEmpty)
        {
            if (!socket.Output.TrySend(_unsent.Span, mayWait: true, out outcome))
            {
                return false;
            }

            _unsent = outcome >= 0 ? _unsent[outcome..] : default;
        }

        return true;
    }

    private async ValueTask UntilAsync(ValueTask write, CancellationToken cancellationToken)
    {
        try
        {
            await using var registration = cancellationToken.UnsafeRegister(
                static w => ((LoopWrite)w!).GiveUp(), this);
            await write;
        }
        catch (OperationCanceledException)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        finally
        {
            _isGivenUp = false;
        }
    }

    private void GiveUp()
    {
        _isGivenUp = true;
        socket.Output.Wake();
    }
}
