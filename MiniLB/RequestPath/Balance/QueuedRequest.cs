using MiniLB.State;

namespace MiniLB.RequestPath.Balance;

/// <summary>One request in the queue: what it could use, and whoever waits for it.</summary>
/// <param name="takesAny">False where it may be given to some backends only.</param>
/// <param name="tryTake">Takes a backend that has room: the given one, or, where that is null, any. Null where it has
/// to wait on.</param>
internal sealed class QueuedRequest(bool takesAny, Func<Backend?, Picked?> tryTake)
{
    // Whoever makes room must not run the request that it made room for.
    private readonly TaskCompletionSource<Picked?> _turn = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool TakesAny => takesAny;

    /// <summary>Where it stands; the queue's.</summary>
    public LinkedListNode<QueuedRequest> Place { get; set; } = null!;

    /// <summary>Its backend, begun, or why there is none for it any more; null where it has given up.</summary>
    public Task<Picked?> Turn => _turn.Task;

    public bool TryServe(Backend? freed) => tryTake(freed) is { } picked && _turn.TrySetResult(picked);

    public void GiveUp() => _turn.TrySetResult(null);
}
