using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace MiniLB.Async;

/// <summary>Builds the methods that return a <see cref="FrameTask{TResult}"/>: those that wait cost no memory, because
/// their frames are used again, and nothing is done to carry a context along.</summary>
/// <remarks>.NET's pooling builder keeps one frame for each thread and each processor; where dozens of requests wait at
/// once, nearly all are allocated. Measured: see docs/performance.md.</remarks>
[SuppressMessage("Performance", "CA1822", Justification = "the compiler calls them on the builder")]
internal struct FrameBuilder<TResult>
{
    private Frame<TResult>? _frame;
    private TResult? _result;

    /// <summary>Read once, by the method that has just begun.</summary>
    public readonly FrameTask<TResult> Task =>
        _frame is null ? new FrameTask<TResult>(_result!) : new FrameTask<TResult>(_frame);

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
        _frame ??= new FailedFrame<TResult>();
        _frame.SetException(exception);
    }

    public void AwaitOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : INotifyCompletion
        where TStateMachine : IAsyncStateMachine => awaiter.OnCompleted(Keep(ref stateMachine).Continuation);

    public void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : ICriticalNotifyCompletion
        where TStateMachine : IAsyncStateMachine
    {
        var frame = Keep(ref stateMachine);
        // Known for each type of awaiter when this is compiled: neither asked nor boxed at run time.
        if (default(TAwaiter) is not null && awaiter is IFrameAwaiter)
        {
            ((IFrameAwaiter)awaiter).Await(frame);
        }
        else
        {
            awaiter.UnsafeOnCompleted(frame.Continuation);
        }
    }

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

    public readonly FrameTask Task => new(_builder.Task);

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
