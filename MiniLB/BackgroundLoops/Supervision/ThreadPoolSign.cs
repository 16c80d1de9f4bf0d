namespace MiniLB.BackgroundLoops.Supervision;

/// <summary>Whether the thread pool works.</summary>
/// <remarks>Lookups of names block its threads for as long as no name server answers. A pool that is busy with them,
/// and takes more threads, works; a new process would have the same to do.</remarks>
internal sealed class ThreadPoolSign : LifeSign, IThreadPoolWorkItem
{
    private long _done;
    private int _threads;

    // Written by the pool and by whoever asks, never by both at once.
    private volatile bool _hasRun = true;

    public override string Name => "the thread pool";

    public override bool HasAnswered => _hasRun
        || ThreadPool.CompletedWorkItemCount != _done || ThreadPool.ThreadCount != _threads;

    public override void Ask()
    {
        (_done, _threads) = (ThreadPool.CompletedWorkItemCount, ThreadPool.ThreadCount);
        if (_hasRun)
        {
            _hasRun = false;
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    void IThreadPoolWorkItem.Execute() => _hasRun = true;
}
