namespace MiniLB.State;

/// <summary>Where the process stands between start and stop. Written by start and shutdown, read by every
/// request.</summary>
internal sealed class Lifecycle
{
    private volatile bool _isReady;
    private volatile bool _isStopping;

    /// <summary>What /readyz answers.</summary>
    public bool IsReady => _isReady;

    /// <summary>True once each connection is to be closed after its next answer.</summary>
    public bool IsStopping => _isStopping;

    public void BecomeReady() => _isReady = true;

    public void BecomeUnready() => _isReady = false;

    public void BeginStop() => _isStopping = true;
}
