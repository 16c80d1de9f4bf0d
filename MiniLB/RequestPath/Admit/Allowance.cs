namespace MiniLB.RequestPath.Admit;

/// <summary>Counts what is being used and says no above a limit. Take one, give one back exactly once.</summary>
/// <param name="most">0 means no limit.</param>
internal sealed class Allowance(int most)
{
    private int _taken;

    // Written at a reload, read by whoever takes.
    private volatile int _most = most;

    /// <summary>0 means no limit.</summary>
    public int Most
    {
        set => _most = value;
    }

    public int Taken => Volatile.Read(ref _taken);

    /// <returns>False where the limit is reached; then nothing was taken.</returns>
    public bool TryTake()
    {
        if (Interlocked.Increment(ref _taken) <= _most || _most == 0)
        {
            return true;
        }

        Interlocked.Decrement(ref _taken);
        return false;
    }

    public void GiveBack() => Interlocked.Decrement(ref _taken);
}
