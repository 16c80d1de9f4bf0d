namespace MiniLB.Admin;

/// <summary>One event of the feed, and the wait for the one after it.</summary>
/// <param name="Text">As it is sent; null where the feed has ended.</param>
internal sealed record EventMoment(byte[]? Text)
{
    private readonly TaskCompletionSource _passed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when another event has taken its place.</summary>
    public Task Passed => _passed.Task;

    public void Pass() => _passed.TrySetResult();
}
