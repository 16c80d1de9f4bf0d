using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace MiniLB.Async;

/// <summary>Builds async methods of the request path: those that wait cost no memory, because their frames are used
/// again, and nothing is done to carry a context along.</summary>
/// <remarks>.NET's pooling builder keeps one frame for each thread and each processor; where dozens of requests wait at
/// once, nearly all are allocated. Measured: see docs/performance.md.</remarks>
[SuppressMessage("Performance", "CA1822", Justification = "the compiler calls them on the builder")]
internal struct FrameBuilder<TResult>
{
    private Frame<TResult>? _frame;
    private Exception? _failure;
    private TResult? _result;

    /// <summary>Read once, by the method that has just begun.</summary>
    public readonly ValueTask<TResult> Task => _frame is not null ? new ValueTask<TResult>(_frame, _frame.Version)
        : _failure is not null ? ValueTask.FromException<TResult>(_failure)
        : new ValueTask<TResult>(_result!);

    /// <summary>The same without its result.</summary>
    public readonly ValueTask AsValueTask => _frame is not null ? new ValueTask(_frame, _frame.Version)
        : _failure is not null ? ValueTask.FromException(_failure)
        : default;

    public static FrameBuilder<TResult> Create() => default;

    public readonly void Start<TStateMachine>(ref TStateMachine stateMachine)
        where TStateMachine : IAsyncStateMachine => stateMachine.MoveNext();

    public readonly void SetStateMachine(IAsyncStateMachine stateMachine)
    {
        // Only for state machines that are classes.
    }

    public void SetResult(TResult result)
    {
        if (_frame is null)
        {
            _result = result;
        }
        else
        {
            _frame.SetResult(result);
        }
    }

    public void SetException(Exception exception)
    {
        if (_frame is null)
        {
            _failure = exception;
        }
        else
        {
            _frame.SetException(exception);
        }
    }

    public void AwaitOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : INotifyCompletion
        where TStateMachine : IAsyncStateMachine => awaiter.OnCompleted(Keep(ref stateMachine).MoveNext);

    public void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : ICriticalNotifyCompletion
        where TStateMachine : IAsyncStateMachine => awaiter.UnsafeOnCompleted(Keep(ref stateMachine).MoveNext);

    // At the first wait the state machine moves from the stack into the frame, and this builder with it.
    private Frame<TStateMachine, TResult> Keep<TStateMachine>(ref TStateMachine stateMachine)
        where TStateMachine : IAsyncStateMachine
    {
        if (_frame is not null)
        {
            return (Frame<TStateMachine, TResult>)_frame;
        }

        var frame = Frame<TStateMachine, TResult>.Take();
        _frame = frame;
        frame.Machine = stateMachine;
        return frame;
    }
}

/// <summary>As <see cref="FrameBuilder{TResult}"/>, for methods without a result.</summary>
[SuppressMessage("Performance", "CA1822", Justification = "the compiler calls them on the builder")]
internal struct FrameBuilder
{
    private FrameBuilder<bool> _builder;

    public readonly ValueTask Task => _builder.AsValueTask;

    public static FrameBuilder Create() => default;

    public readonly void Start<TStateMachine>(ref TStateMachine stateMachine)
        where TStateMachine : IAsyncStateMachine => stateMachine.MoveNext();

    public readonly void SetStateMachine(IAsyncStateMachine stateMachine)
    {
        // Only for state machines that are classes.
    }

    public void SetResult() => _builder.SetResult(true);

    public void SetException(Exception exception) => _builder.SetException(exception);

    public void AwaitOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : INotifyCompletion
        where TStateMachine : IAsyncStateMachine => _builder.AwaitOnCompleted(ref awaiter, ref stateMachine);

    public void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : ICriticalNotifyCompletion
        where TStateMachine : IAsyncStateMachine => _builder.AwaitUnsafeOnCompleted(ref awaiter, ref stateMachine);
}
