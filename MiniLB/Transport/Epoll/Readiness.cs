namespace MiniLB.Transport.Epoll;

/// <summary>Whether one direction of a socket is worth a system call, and whether somebody waits until it is.</summary>
/// <remarks>An edge-triggered event is told once. Whoever has used it up notes that before the system call, so that an
/// event which comes during the call is not lost.</remarks>
internal struct Readiness
{
    private const int Unknown = 0; // nothing was told since the last call
    private const int Ready = 1;
    private const int Waiting = 2;

    private int _state;

    public readonly bool IsReady => _state == Ready;

    /// <summary>A call is about to use up what was told.</summary>
    public void Spend() => Interlocked.Exchange(ref _state, Unknown);

    /// <returns>False where nothing was told; then nothing is spent.</returns>
    public bool TrySpend() => Interlocked.CompareExchange(ref _state, Unknown, Ready) == Ready;

    /// <summary>The last call has left something for another one.</summary>
    public void Renew() => Volatile.Write(ref _state, Ready);

    /// <returns>False where it is ready meanwhile; else whoever <see cref="Signal"/>s it resumes the one who
    /// waits.</returns>
    public bool TryWait() => Interlocked.CompareExchange(ref _state, Waiting, Unknown) == Unknown;

    /// <returns>True where the caller now has to resume somebody who waited.</returns>
    public bool Signal() => Volatile.Read(ref _state) != Ready && Interlocked.Exchange(ref _state, Ready) == Waiting;
}
