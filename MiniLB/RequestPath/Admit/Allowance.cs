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
    public bool TryTake(int count = 1)
    {
        if (Interlocked.Add(ref _taken, count) <= _most || _most == 0)
        {
            return true;
        }

        GiveBack(count);
        return false;
    }

    public void GiveBack(int count = 1) => Interlocked.Add(ref _taken, -count);
}
