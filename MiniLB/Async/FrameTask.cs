using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace MiniLB.Async;

/// <summary>What an async method of the request path returns, and awaits: its frame, or its result where it never
/// waited.</summary>
/// <remarks>As a ValueTask it is awaited once. A frame that awaits another is gone on with by one call, where a
/// ValueTask asks at each step what stands behind it.</remarks>
[AsyncMethodBuilder(typeof(FrameBuilder<>))]
internal readonly struct FrameTask<TResult> : ICriticalNotifyCompletion, IFrameAwaiter
{
    private readonly Frame<TResult>? _frame;
    private readonly TResult? _result;
    private readonly short _version;

    public FrameTask(TResult result) => _result = result;

    public FrameTask(Frame<TResult> frame) => (_frame, _version) = (frame, frame.Version);

    /// <summary>True where it is over, however it ended.</summary>
    public bool IsCompleted => _frame is null || _frame.IsCompleted(_version);

    /// <summary>For those who know no frames.</summary>
    public ValueTask<TResult> AsValueTask() =>
        _frame is null ? new ValueTask<TResult>(_result!) : new ValueTask<TResult>(_frame, _version);

    /// <summary>For those who await it more than once.</summary>
    public Task<TResult> AsTask() => AsValueTask().AsTask();

    /// <summary>The same without its result.</summary>
    public ValueTask AsPlainValueTask() => _frame is null ? default : new ValueTask(_frame, _version);

    public FrameTask<TResult> GetAwaiter() => this;

    public TResult GetResult() => _frame is null ? _result! : _frame.Take(_version);

    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    public void UnsafeOnCompleted(Action continuation) => _frame!.OnCompleted(
        static c => ((Action)c!)(), continuation, _version, ValueTaskSourceOnCompletedFlags.None);

    /// <inheritdoc/>
    public void Await(Frame next) =>
        _frame!.OnCompleted(Frame.GoOn, next, _version, ValueTaskSourceOnCompletedFlags.None);
}

/// <summary>As <see cref="FrameTask{TResult}"/>, of methods without a result.</summary>
[AsyncMethodBuilder(typeof(FrameBuilder))]
internal readonly struct FrameTask(FrameTask<bool> task) : ICriticalNotifyCompletion, IFrameAwaiter
{
    private readonly FrameTask<bool> _task = task;

    public bool IsCompleted => _task.IsCompleted;

    public ValueTask AsValueTask() => _task.AsPlainValueTask();

    public Task AsTask() => _task.AsTask();

    public FrameTask GetAwaiter() => this;

    public void GetResult() => _task.GetResult();

    public void OnCompleted(Action continuation) => _task.UnsafeOnCompleted(continuation);

    public void UnsafeOnCompleted(Action continuation) => _task.UnsafeOnCompleted(continuation);

    /// <inheritdoc/>
    public void Await(Frame next) => _task.Await(next);
}

/// <summary>What a frame can await without a delegate of its own.</summary>
internal interface IFrameAwaiter
{
    /// <summary>Has a frame gone on with once this is over.</summary>
    void Await(Frame next);
}
