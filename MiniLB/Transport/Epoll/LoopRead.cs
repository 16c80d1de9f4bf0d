using System.Threading.Tasks.Sources;

namespace MiniLB.Transport.Epoll;

/// <summary>The read of a <see cref="LoopStream"/>, used again for each.</summary>
internal sealed class LoopRead(LoopSocket socket) : IValueTaskSource<int>
{
    private ManualResetValueTaskSourceCore<int> _source;
    private Memory<byte> _into;

    // Set by whoever gives it up, read by the loop.
    private volatile bool _isGivenUp;

    public IReceiver? Receiver { get; set; }

    /// <summary>What goes on once the read is over; null where nothing waits for it.</summary>
    public object? Waiting { get; private set; }

    /// <summary>As below, to where the receiver wants it.</summary>
    public ValueTask<int> RunAsync() => RunAsync(default);

    /// <returns>How many bytes came; 0 at the end.</returns>
    /// <exception cref="IOException">The connection broke, or was closed here.</exception>
    public ValueTask<int> RunAsync(Memory<byte> into)
    {
        _into = into;
        _source.Reset();
        if (!TryReceive(out var outcome))
        {
            return new ValueTask<int>(this, _source.Version);
        }

        try
        {
            return new ValueTask<int>(Arrived(outcome));
        }
        catch (IOException e)
        {
            return ValueTask.FromException<int>(e);
        }
    }

    /// <exception cref="OperationCanceledException">It was given up.</exception>
    /// <exception cref="IOException">The connection broke, or was closed here.</exception>
    public async ValueTask<int> RunUntilAsync(Memory<byte> into, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            await using var registration = cancellationToken.UnsafeRegister(
                static r => ((LoopRead)r!).GiveUp(), this);
            var read = RunAsync(into);
            if (_isGivenUp)
            {
                socket.WakeReader(); // before there was anybody to wake
            }

            return await read;
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

    /// <summary>Goes on where it waits.</summary>
    public void Resume()
    {
        if (_isGivenUp)
        {
            _source.SetException(new OperationCanceledException());
        }
        else if (TryReceive(out var outcome))
        {
            _into = default;
            _source.SetResult(outcome);
        }
    }

    int IValueTaskSource<int>.GetResult(short token)
    {
        Waiting = null;
        return Arrived(_source.GetResult(token));
    }

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        Waiting = state;
        _source.OnCompleted(continuation, state, token, flags);
    }

    private bool TryReceive(out int outcome)
    {
        outcome = 0;
        return (socket.MayReceive || !socket.WaitsForInput())
            && socket.TryReceive(Receiver is null ? _into.Span : Receiver.Room(), out outcome);
    }

    private int Arrived(int outcome) => outcome < 0 ? throw SocketErrors.Exception(outcome)
        : Receiver?.Arrived(outcome) ?? outcome;

    private void GiveUp()
    {
        _isGivenUp = true;
        socket.WakeReader();
    }
}
