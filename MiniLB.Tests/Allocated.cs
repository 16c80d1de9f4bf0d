namespace MiniLB.Tests;

/// <summary>What a piece of code allocates once it is warm.</summary>
internal static class Allocated
{
    /// <returns>Bytes, the least of five times: the runtime may allocate on this thread when it swaps compiled code;
    /// code that allocates does so each time.</returns>
    public static long By(Action action)
    {
        var least = long.MaxValue;
        for (var time = 0; time < 5 && least > 0; time++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
