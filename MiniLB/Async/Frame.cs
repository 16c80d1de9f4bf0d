using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Threading.Tasks.Sources;

namespace MiniLB.Async;

/// <summary>What remains of an async method while it waits.</summary>
internal abstract class Frame
{
    /// <summary>A continuation whose state is a frame.</summary>
    public static readonly Action<object?> GoOn = static f => Unsafe.As<Frame>(f!).MoveNext();

    /// <summary>Goes on with the method.</summary>
    public abstract void MoveNext();
}

/// <summary>A frame as whoever awaits its method sees it. Used again once that has its result.</summary>
/// <remarks>One await only, as of every ValueTask. Completion and the await may meet from two threads.</remarks>
internal abstract class Frame<TResult> : Frame, IValueTaskSource<TResult>, IValueTaskSource
{
    private static readonly Action<object?> Completed = static _ => { };

    private Action<object?>? _continuation;
    private object? _state;
    private TResult? _result;
    private ExceptionDispatchInfo? _failure;

    public short Version { get; private set; }

    public void SetResult(TResult result)
    {
        _result = result;
        Complete();
    }

    public void SetException(Exception exception)
    {
        _failure = ExceptionDispatchInfo.Capture(exception);
        Complete();
    }

    public bool IsCompleted(short token)
    {
        Check(token);
        return ReferenceEquals(Volatile.Read(ref _continuation), Completed);
    }

    TResult IValueTaskSource<TResult>.GetResult(short token) => Take(token);

    void IValueTaskSource.GetResult(short token) => Take(token);

    public ValueTaskSourceStatus GetStatus(short token)
    {
        return !IsCompleted(token) ? ValueTaskSourceStatus.Pending
            : _failure is null ? ValueTaskSourceStatus.Succeeded
            : _failure.SourceException is OperationCanceledException ? ValueTaskSourceStatus.Canceled
            : ValueTaskSourceStatus.Faulted;
    }

    // Whoever completes it goes on with whoever waits, on the same thread: nobody here has a context to go back to.
    public void OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        Check(token);
        _state = state;
        if (Interlocked.CompareExchange(ref _continuation, continuation, null) is not null)
        {
            continuation(state); // it was completed at this moment
        }
    }

    /// <summary>Makes it fit for another method.</summary>
    protected abstract void Reuse();

    private void Complete()
    {
        if (Interlocked.Exchange(ref _continuation, Completed) is { } continuation)
        {
            var state = _state;
            _state = null;
            continuation(state);
        }
    }

    /// <summary>Its result, or what it failed with; once.</summary>
    public TResult Take(short token)
    {
        if (!IsCompleted(token))
        {
            throw new InvalidOperationException("it is not over yet");
        }

        var (result, failure) = (_result!, _failure);
        Version++;
        (_continuation, _result, _failure) = (null, default, null);
        Reuse();
        failure?.Throw();
        return result;
    }

    private void Check(short token)
    {
        if (token != Version)
        {
            throw new InvalidOperationException("it was awaited before");
        }
    }
}

/// <summary>The frame of one async method.</summary>
internal sealed class Frame<TStateMachine, TResult> : Frame<TResult>
    where TStateMachine : IAsyncStateMachine
{
    // More than are in flight on a busy thread; what is above is left to the collector.
    private const int MostKept = 1024;

    [ThreadStatic]
    private static Frame<TStateMachine, TResult>? _kept;

    [ThreadStatic]
    private static bool _isListed;

    private Action? _moveNext;
    private TStateMachine _machine = default!;
    private Frame<TStateMachine, TResult>? _next;
    private int _depth;

    private Frame()
    {
    }

    /// <summary>Calls <see cref="MoveNext"/>; for those who want a delegate, which are few.</summary>
    public Action Continuation => _moveNext ??= MoveNext;

    public ref TStateMachine Machine => ref _machine;

    public override void MoveNext() => _machine.MoveNext();

    public static Frame<TStateMachine, TResult> Take()
    {
        if (_kept is not { } frame)
        {
            return Made();
        }

        _kept = frame._next;
        frame._next = null;
        return frame;
    }

    private static Frame<TStateMachine, TResult> Made()
    {
        if (!_isListed)
        {
            Spares.Add(static () => _kept = null);
            _isListed = true;
        }

        return new Frame<TStateMachine, TResult>();
    }

    protected override void Reuse()
    {
        _machine = default!;
        var depth = _kept is { } kept ? kept._depth + 1 : 1;
        if (depth <= MostKept)
        {
            (_next, _depth) = (_kept, depth);
            _kept = this;
        }
    }
}

/// <summary>The outcome of a method that failed before it waited.</summary>
internal sealed class FailedFrame<TResult> : Frame<TResult>
{
    public override void MoveNext() => throw new InvalidOperationException("it is over");

    protected override void Reuse()
    {
        // There are few of them.
    }
}
